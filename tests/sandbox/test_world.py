"""The grader's view: one read per kind, and questions whose failure is part of the student's world."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from k8slab.kube.client import Client
from k8slab.kube.errors import BadRequest, KubeError, NotFound, TimedOut, Unavailable
from k8slab.kube.execution import ExecResult
from k8slab.sandbox import capabilities
from k8slab.sandbox.models import Sandbox
from k8slab.sandbox.world import SandboxWorld

PAGE = ExecResult("HTTP/1.1 200 OK\r\n\r\nhello", "", 0)
NO_CURL = ExecResult("", 'exec: "curl": executable file not found in $PATH', 127)


class Pods:
    """Stands in for a client: answers each program as told."""

    def __init__(self, **programs: ExecResult | KubeError) -> None:
        self.programs = programs
        self.ran: list[Sequence[str]] = []

    def exec(
        self, namespace: str, pod: str, command: Sequence[str], container: str | None, timeout: float
    ) -> ExecResult:
        self.ran.append(command)
        answer = self.programs[command[0]]
        if isinstance(answer, KubeError):
            raise answer
        return answer


def world(**programs: ExecResult | KubeError) -> SandboxWorld:
    return SandboxWorld(Sandbox(namespace="lab-x"), Pods(**programs))  # type: ignore[arg-type]  # a stand-in


def test_it_works() -> None:
    assert world(curl=PAGE).http("client", None, "http://web/", 2) == {"status": 200, "body": "hello"}


def test_an_image_without_curl_is_asked_by_wget() -> None:
    asked = world(curl=NO_CURL, wget=ExecResult("hello", "  HTTP/1.1 200 OK\n", 0))
    assert asked.http("client", None, "http://web/", 2) == {"status": 200, "body": "hello"}


def test_an_image_with_neither_says_so() -> None:
    answer = world(curl=NO_CURL, wget=NO_CURL).http("client", None, "http://web/", 2)
    assert answer == {"error": "the container has no curl or wget"}


def test_commands_and_names() -> None:
    asked = world(cat=ExecResult("x", "", 0), nslookup=ExecResult("Name: web\nAddress: 10.0.0.1\n", "", 0))
    assert asked.exec("p", "c", ["cat", "f"], 2) == {"exitCode": 0, "stdout": "x", "stderr": ""}
    assert asked.dns("p", None, "web", 2) == {"addresses": ["10.0.0.1"]}


@pytest.mark.parametrize(
    "trouble",
    [
        NotFound('pods "client" not found'),
        BadRequest("container c is not valid for pod client"),
        Unavailable("error dialing backend: container not found in pod", code=500),
        TimedOut("the command went on"),
    ],
)
def test_a_pod_that_cannot_be_asked_is_an_answer(trouble: KubeError) -> None:
    assert world(curl=trouble).http("client", None, "http://web/", 2)["error"]
    assert world(cat=trouble).exec("client", None, ["cat"], 2)["error"]


def test_a_cluster_that_is_away_is_no_answer() -> None:
    with pytest.raises(Unavailable):
        world(curl=Unavailable("the cluster does not answer")).http("client", None, "http://web/", 2)


def test_each_kind_is_read_once_until_something_is_deleted(emulator: Path, namespace_name: str) -> None:
    client = Client.from_kubeconfig(emulator)
    client.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace_name}})
    view = SandboxWorld(Sandbox(namespace=namespace_name), client)

    def names() -> set[str]:
        return {obj["metadata"]["name"] for obj in view.list("v1", "ConfigMap")} - {"kube-root-ca.crt"}

    assert names() == set()
    client.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}, namespace_name)
    assert names() == set()
    view.delete("v1", "ConfigMap", "none")
    assert names() == {"c"}
    assert view.list("v1", "ConfigMap")[0]["kind"] == "ConfigMap"
    assert view.namespace()["metadata"]["name"] == namespace_name
    assert view.events() == []
    assert [n["metadata"]["name"] for n in view.list("v1", "Namespace")] == [namespace_name]


def test_a_cluster_is_asked_for_what_it_can(emulator: Path) -> None:
    assert capabilities.probe(Client.from_kubeconfig(emulator)) == {
        "exec",
        "private-nodes",
        "host-path",
        "cluster-scoped",
    }
