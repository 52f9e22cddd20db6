"""Our kubectl beside the machine's own, command by command on the same cluster: output, errors and exit codes.

Skips where there is none, or one of another minor version, whose words differ.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from k8slab.kube.client import Client

from .conftest import Kubectl, Said

FOLLOWED = "1.32"
FILES = {
    "c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: '1', b: 'yes'}\n",
    "d.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: '2'}\n",
    "bad.yaml": "a:\n  - b\n c: d\n",
    "none.yaml": "# nothing\n",
}
STORIES = {
    "files": [
        "create -f c.yaml --dry-run=client -o yaml",
        "apply -f c.yaml",
        "apply -f c.yaml",
        "apply -f d.yaml -o yaml",
        "apply -f d.yaml --server-side",
        "apply view-last-applied cm c -o json",
        "create -f c.yaml",
        "replace -f c.yaml",
        "apply -f bad.yaml",
        "apply -f none.yaml",
        "create -f none.yaml --validate=false",
        "delete -f c.yaml",
        "delete -f c.yaml",
        "delete -f c.yaml --ignore-not-found",
    ],
    "output": [
        "create cm c --from-literal=a=1 --from-literal=t=yes --from-literal=h=<&> --from-literal=n=한글",
        "get cm c -o yaml",
        "get cm c -o json",
        "get cm -o name",
        "get cm c -o jsonpath={.data}",
        "get cm c -o jsonpath={.data.a}{.nope}",
        "get cm c -o jsonpath={.x[}",
        "get cm c -o go-template='{{range $k, $v := .data}}{{$k}}={{$v}} {{end}}'",
        "get cm c -o custom-columns=NAME:.metadata.name,D:.data,X:.nope",
        "get cm c -o foo",
        "get cm,svc,deploy -l a=b",
        "get cm c --show-labels --no-headers",
        "get cm,secret --sort-by=.metadata.name --show-kind",
    ],
    "changes": [
        "create deployment web --image=nginx --port=80 --dry-run=client -o yaml",
        "create deployment web --image=nginx --port=80 -o name",
        "label deploy web a=b",
        "label deploy web a=c",
        "label deploy web a- nope-",
        "annotate deploy web x=y --overwrite",
        "set image deploy/web nginx=nginx:1.27",
        "set image deploy/web no=nginx",
        "set env deploy/web A=1",
        "set env deploy/web --list",
        "set resources deploy web --limits=cpu=1",
        "scale deploy web --replicas=2",
        "scale deploy web --replicas=2 --current-replicas=9",
        "expose deploy web --name=svc --dry-run=client -o yaml",
        "expose deploy web",
        "autoscale deploy web --max=3",
        'patch svc web -p \'{"spec":{"type":"NodePort"}}\'',
        'patch svc web --type=json -p \'[{"op":"test","path":"/spec/type","value":"x"}]\'',
        "delete svc web nope",
        "delete deploy,svc,hpa --all",
    ],
}


@pytest.fixture(scope="session")
def machines_kubectl() -> str:
    program = shutil.which("kubectl")
    if program is None:
        pytest.skip("this machine has no kubectl")
    answer = subprocess.run([program, "version", "--client", "-o", "json"], capture_output=True, check=True)
    version = json.loads(answer.stdout)["clientVersion"]
    if f"{version['major']}.{version['minor']}".rstrip("+") != FOLLOWED:
        pytest.skip(f"the machine's kubectl is no {FOLLOWED}")
    return program


@pytest.fixture
def other_namespace(cluster: Client, namespace_name: str) -> Iterator[str]:
    name = f"{namespace_name}-o"
    cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    yield name
    cluster.delete("v1", "Namespace", name)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("story", STORIES)
def test_it_says_the_same(
    run: Kubectl, emulator: Path, other_namespace: str, machines_kubectl: str, tmp_path: Path, story: str
) -> None:
    run.files.texts |= FILES
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for line in STORIES[story]:
        command = [machines_kubectl, "--kubeconfig", str(emulator), "-n", other_namespace, *shlex.split(line)]
        answer = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=30, check=False)
        theirs = _plain(Said(answer.stdout, answer.stderr, answer.returncode), other_namespace)
        ours = _plain(run(f"-n {run.namespace} {line}"), run.namespace)
        assert ours == theirs, line


def _plain(said: Said, namespace: str) -> Said:
    return Said(_without_chance(said.out, namespace), _without_chance(said.err, namespace), said.code)


def _without_chance(text: str, namespace: str) -> str:
    """Without names, times and numbers that differ from one run to the next."""
    text = text.replace(namespace, "<namespace>")
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uid>", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>", text)
    text = re.sub(r'(resourceVersion"?: )"\d+"', r"\1<version>", text)
    text = re.sub(r" +\d+s\b", " <age>", text)
    return re.sub(r"(clusterIPs?:|-) 10(\.\d+){3}|\b3[0-2]\d{3}\b", "<address>", text)
