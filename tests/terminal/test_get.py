"""kubectl get."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

import pytest
import yaml

from k8slab.terminal.kubectl.program import kubectl
from k8slab.terminal.streams import Interrupted, Streams, Text

from .conftest import Kubectl

PATIENCE = 10.0
CONFIG = {"data": {"color": "blue", "text": "one\ntwo\n"}, "metadata": {"name": "c", "labels": {"app": "web"}}}


@pytest.fixture
def config(run: Kubectl) -> Kubectl:
    run.client.create({"apiVersion": "v1", "kind": "ConfigMap", **CONFIG}, run.namespace)
    return run


def test_it_works(config: Kubectl) -> None:
    assert config.ok("get cm c").split()[:-1] == ["NAME", "DATA", "AGE", "c", "2"]


def test_names_types_and_selectors(config: Kubectl) -> None:
    config.ok("create service clusterip web --tcp=80")
    config.ok("label svc web app=web --overwrite")
    said = config.ok("get cm,svc -l app=web")
    assert "configmap/c " in said
    assert "service/web " in said
    assert "\n\nNAME" in said, "a blank line and new headers between the kinds"
    assert config.ok("get cm/c svc/web -o name") == "configmap/c\nservice/web\n"
    assert "service/web" in config.ok("get all")


def test_columns(config: Kubectl) -> None:
    assert config.ok("get cm c -L app --no-headers").split()[::3] == ["c", "web"]
    assert config.ok("get cm c --show-labels").split()[-1] == "app=web"
    assert config.ok("get cm c --show-kind --no-headers").startswith("configmap/c ")
    assert (
        config.ok(f"get cm -A --field-selector=metadata.namespace={config.namespace} -l app=web").split()[0]
        == "NAMESPACE"
    )


def test_whole_objects(config: Kubectl) -> None:
    obj = json.loads(config.ok("get cm c -o json"))
    assert (obj["data"], list(obj)) == (CONFIG["data"], ["apiVersion", "data", "kind", "metadata"])
    assert "managedFields" not in obj["metadata"]
    assert "managedFields" in yaml.safe_load(config.ok("get cm c -o yaml --show-managed-fields"))["metadata"]
    listing = yaml.safe_load(config.ok("get cm -l app=web -o yaml"))
    assert (listing["kind"], len(listing["items"])) == ("List", 1)
    assert config.ok("get cm c -o jsonpath={.data.color}") == "blue"
    assert config.ok("get cm c -o go-template={{.data.color}}") == "blue"
    assert config.ok("get cm -l app=web -o custom-columns=N:.metadata.name") == "N\nc\n"
    config.files.texts["t.txt"] = "{.metadata.name}!"
    assert config.ok("get cm c -o jsonpath-file=t.txt") == "c!"


def test_sorting(run: Kubectl) -> None:
    for name, size in (("b", "10"), ("a", "9"), ("c", "100")):
        run.ok(f"create cm {name} --from-literal=size={size}")
    assert run.ok("get cm --sort-by=.data.size -o name").split()[-3:] == ["configmap/a", "configmap/b", "configmap/c"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("get foo", 'error: the server doesn\'t have a resource type "foo"\n'),
        ("get pods nope", 'Error from server (NotFound): pods "nope" not found\n'),
        (
            "get pod/nope svc/nope",
            'Error from server (NotFound): pods "nope" not found\n'
            'Error from server (NotFound): services "nope" not found\n',
        ),
        ("get pods a/b", "error: there is no need to specify a resource type as a separate argument"),
        ("get pods/a/b", "error: arguments in resource/name form may not have more than one slash\n"),
        ("get pods web -l a=b", "error: name cannot be provided when a selector is specified\n"),
        ("get pods -o foo", 'error: unable to match a printer suitable for the output format "foo", allowed formats'),
        ("get pods -o jsonpath={.x[}", "error: error parsing jsonpath {.x[}, unterminated array\n"),
        ("get pods,svc -w", "error: you may only specify a single resource type\n"),
        ("get -f nope.yaml", 'error: the path "nope.yaml" does not exist\n'),
        ("get -f https://example.com/a.yaml", 'error: unable to read URL "https://example.com/a.yaml"'),
        ("get", "You must specify the type of resource to get."),
        ("get pods --foo", "Error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n"),
    ],
)
def test_errors(run: Kubectl, line: str, error: str) -> None:
    said = run(line)
    assert (said.out, said.code) == ("", 1)
    assert said.err.startswith(error)


def test_nothing_there(run: Kubectl) -> None:
    assert run("get pods").err == f"No resources found in {run.namespace} namespace.\n"
    assert run("get pods nope --ignore-not-found").err == ""
    assert run("get nodes -l app=none").err == "No resources found\n"


def test_a_stranger_is_forbidden(run: Kubectl) -> None:
    user = f"system:serviceaccount:{run.namespace}:default"
    said = run(f"get pods -A --as={user}")
    assert said.err == (
        f'Error from server (Forbidden): pods is forbidden: User "{user}" cannot list resource "pods" in API group "" '
        "at the cluster scope\n"
    )


def test_watching_ends_at_the_stop(config: Kubectl) -> None:
    heard: list[str] = []
    ended: list[str] = []

    def follow() -> None:
        try:
            streams = Streams(heard.append, heard.append, Text(), config.files, config.stop)
            kubectl(["get", "cm", "-l", "app=web", "-w"], config.client, config.namespace, streams)
        except Interrupted:
            ended.append("interrupted")

    thread = threading.Thread(target=follow)
    thread.start()
    _until(lambda: "c " in "".join(heard))
    config.ok("create cm d")
    config.ok("label cm d app=web")
    _until(lambda: "\nd " in "".join(heard))
    config.stop.set()
    thread.join(PATIENCE)
    assert ended == ["interrupted"]
    assert "".join(heard).count("NAME") == 1, "headers come once"


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)
