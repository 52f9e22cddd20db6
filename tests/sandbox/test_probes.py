"""Questions asked from inside real pods of the embedded cluster."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from k8slab.kube.apply import apply_documents
from k8slab.kube.client import Client
from k8slab.kube.documents import parse
from k8slab.sandbox.models import Sandbox
from k8slab.sandbox.world import SandboxWorld

PODS = """\
apiVersion: v1
kind: Pod
metadata: {name: client}
spec: {containers: [{name: c, image: "busybox:1.36", command: [sleep, "3600"]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: c, image: "nginx:1.14.0", ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 9090, targetPort: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: empty}
spec: {selector: {app: none}, ports: [{port: 9090, targetPort: 80}]}
"""
PATIENCE = 20.0  # seconds


@pytest.fixture(scope="module")
def world(emulator: Path) -> SandboxWorld:
    client, name = Client.from_kubeconfig(emulator), "probes"
    client.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    outcomes = list(apply_documents(client, parse(PODS).documents, name))
    assert [outcome.action for outcome in outcomes] == ["created"] * 4, outcomes
    world, until = SandboxWorld(Sandbox(namespace=name), client), time.monotonic() + PATIENCE
    while world.http("client", None, "http://web:9090/", 1).get("status") != 200:
        assert time.monotonic() < until, client.list("v1", "Pod", name)
        time.sleep(0.02)
    return world


def test_it_works(world: SandboxWorld) -> None:
    answer = world.http("client", None, "http://web:9090/", 2)
    assert answer["status"] == 200
    assert "nginx" in answer["body"]


def test_a_page_that_is_not_there_has_a_status(world: SandboxWorld) -> None:
    assert world.http("client", None, "http://web:9090/none", 2)["status"] == 404


def test_why_there_is_no_answer_is_told(world: SandboxWorld) -> None:
    assert world.http("client", None, "http://empty:9090/", 2) == {"error": "connection refused"}
    assert world.http("client", None, "http://nobody:9090/", 2) == {"error": "bad address"}
    assert "not found" in world.http("nobody", None, "http://web:9090/", 2)["error"]
    assert world.http("client", "other", "http://web:9090/", 2)["error"]


def test_names_are_looked_up(world: SandboxWorld) -> None:
    address = next(s["spec"]["clusterIP"] for s in world.list("v1", "Service") if s["metadata"]["name"] == "web")
    assert world.dns("client", None, "web", 2) == {"addresses": [address]}
    assert world.dns("client", None, "nobody", 2) == {"error": "NXDOMAIN"}


def test_commands_end_with_their_code_and_output(world: SandboxWorld) -> None:
    command = ["sh", "-c", "echo hi; echo oops >&2; exit 3"]
    assert world.exec("client", None, command, 2) == {"exitCode": 3, "stdout": "hi\n", "stderr": "oops\n"}
    assert world.exec("client", None, ["no-such-program"], 2)["exitCode"] == 127


def test_a_command_without_end_is_given_up(world: SandboxWorld) -> None:
    assert world.exec("client", None, ["sleep", "100"], 0.3)["exitCode"] == 124
