"""describe, explain, rollout and the like: what they tell, beside the machine's kubectl where it is of our version."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from k8slab.terminal.kubectl.describe.kinds.generic import label_of
from k8slab.terminal.kubectl.describe.text import align

from .conftest import Kubectl

FOLLOWED = "1.32"
OBJECTS = Path(__file__).parent / "describing.yaml"
DESCRIBED = (
    *("deploy", "rs", "pvc", "pod bare", "svc", "rc", "sts", "ds", "job", "cj", "cm", "secret", "ingress", "netpol"),
    *("pdb", "role", "rolebinding", "sa", "hpa", "limits", "ep", "clusterrole view", "pod nope", "pod ba", "foobar"),
    *("pod/nope pod/bare", "cm -l nope=nope", "svc web --show-events=false", "-f c.yaml"),
)
OTHERS = (
    *("explain pods", "explain pod.spec.containers", "explain deploy.spec --recursive", "explain pod.spec.nope"),
    *("explain nope", "explain hpa --api-version=autoscaling/v1", "explain svc.spec.type", "explain cm.data"),
    *("rollout history deploy web", "rollout history deploy web --revision=1", "rollout history cm/cm"),
    *("rollout undo deploy web", "rollout pause sts/db", "rollout status pod/bare", "rollout status", "rollout nope"),
    *("api-resources -o wide", "api-resources --namespaced=false -o name", "api-versions"),
    *("auth can-i create pods", "auth can-i foo bars", "auth can-i --list", "auth whoami", "top pods"),
    *("cordon", "cordon nope", "taint nodes nope a=b", "taint nodes x a=b:Foo", "drain nope"),
)


@pytest.fixture(scope="module")
def machines_kubectl() -> str:
    program = shutil.which("kubectl")
    if program is None:
        pytest.skip("this machine has no kubectl")
    answer = subprocess.run([program, "version", "--client", "-o", "json"], capture_output=True, check=True)
    version = json.loads(answer.stdout)["clientVersion"]
    if f"{version['major']}.{version['minor']}".rstrip("+") != FOLLOWED:
        pytest.skip(f"the machine's kubectl is no {FOLLOWED}")
    return program


@pytest.mark.timeout(120)
def test_it_says_the_same(run: Kubectl, emulator: Path, machines_kubectl: str, tmp_path: Path) -> None:
    run.files.texts["c.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\n"
    (tmp_path / "c.yaml").write_text(run.files.texts["c.yaml"], encoding="utf-8")
    run.ok("apply -f -", OBJECTS.read_text(encoding="utf-8"))
    for line in (*(f"describe {each}" for each in DESCRIBED), *OTHERS):
        command = [machines_kubectl, "--kubeconfig", str(emulator), "-n", run.namespace, *shlex.split(line)]
        for attempt in range(5):  # something may happen to the objects between the two
            answer = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=30, check=False)
            said = run(line)
            theirs, ours = (_ageless(answer.stdout), _ageless(answer.stderr)), (_ageless(said.out), _ageless(said.err))
            if ours == theirs or attempt == 4:
                break
        assert (ours, said.code) == (theirs, answer.returncode), line


def _ageless(text: str) -> str:
    """Without ages, the columns that they widen, and the client's own log."""
    text = re.sub(r"^[EIW]\d{4} .*\n", "", text, flags=re.M)
    text = re.sub(r"\b(\d+[smhd])+\b", "<age>", text)
    return re.sub(r" {2,}|-{2,}", "  ", text)


def test_a_column_is_as_wide_as_its_block() -> None:
    assert (
        align("a:\tx\nlong:\ty\n  b\tc\td\nno cells\nb:\tz\n") == "a:     x\nlong:  y\n  b    c  d\nno cells\nb:  z\n"
    )


def test_hostile_text_stays_harmless(run: Kubectl) -> None:
    hostile = "\x1b[2J" + "\t" * 5000
    run.client.create(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": hostile}}, run.namespace
    )
    assert "\x1b" not in run.ok("describe cm c")


@pytest.mark.parametrize(
    ("field", "label"),
    [("podTemplate", "Pod Template"), ("aURL", "A URL"), ("APIVersion", "API Version"), ("a_b", "a_b")],
)
def test_fields_of_unknown_kinds_get_names(field: str, label: str) -> None:
    assert label_of(field) == label


def test_a_rollout_is_undone(run: Kubectl) -> None:
    run.ok("create deployment web --image=nginx:1")
    _once(run, "rollout history deploy web", "1  ")
    run.ok("set image deploy web nginx=nginx:2")
    _once(run, "rollout history deploy web", "2  ")
    assert run.ok("rollout undo deploy web --to-revision=1 --dry-run=client").startswith(
        "deployment.apps/web Pod Template"
    )
    assert run.ok("rollout undo deploy web") == "deployment.apps/web rolled back\n"
    assert run.ok("get deploy web -o jsonpath={..image}") == "nginx:1"
    assert run("rollout undo deploy web --to-revision=99").err == (
        "error: unable to find specified revision 99 in history\n"
    )


def _once(run: Kubectl, line: str, text: str) -> None:
    until = time.monotonic() + 10
    while text not in run.ok(line):
        assert time.monotonic() < until
        run.stop.wait(0.05)


def test_a_paused_rollout_cannot_be_restarted(run: Kubectl) -> None:
    run.ok("create deployment web --image=nginx")
    assert run.ok("rollout pause deploy/web") == "deployment.apps/web paused\n"
    assert run("rollout pause deploy/web").err == 'error: deployments.apps "web" is already paused\n'
    assert "can't restart paused deployment" in run("rollout restart deploy/web").err
    assert run.ok("rollout resume deploy/web") == "deployment.apps/web resumed\n"
    assert run.ok("rollout restart deploy/web") == "deployment.apps/web restarted\n"


def test_the_sessions_namespace_is_kept(run: Kubectl) -> None:
    assert run.ok("config set-context --current --namespace=other") == 'Context "k8slab" modified.\n'
    assert run.kept == {"namespace": "other"}
    assert "namespace: other" in run.ok("config view --minify")
    assert "token: REDACTED" in run.ok("config view")


def test_a_node_is_drained(run: Kubectl) -> None:
    name = f"n-{run.namespace}"
    run.client.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}})
    try:
        assert run.ok(f"taint nodes {name} a=b:NoExecute") == f"node/{name} tainted\n"
        assert run.ok(f"taint nodes {name} a-") == f"node/{name} untainted\n"
        pod = {"nodeName": name, "containers": [{"name": "c", "image": "busybox"}]}
        run.client.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": pod}, run.namespace)
        assert "Pods that declare no controller (use --force to override)" in run(f"drain {name}").err
        said = run.ok(f"drain {name} --force --grace-period=0")
        assert said.splitlines()[1:] == [f"evicting pod {run.namespace}/p", "pod/p evicted", f"node/{name} drained"]
        assert run.ok(f"uncordon {name}") == f"node/{name} uncordoned\n"
    finally:
        run.client.delete("v1", "Node", name)
