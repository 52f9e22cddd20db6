"""kubectl in this process against the embedded cluster, in a namespace of its own."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from k8slab.kube.client import Client
from k8slab.terminal.kubectl.program import kubectl
from k8slab.terminal.streams import MemoryFiles, Stop, Streams, Text


@dataclass(frozen=True, slots=True)
class Said:
    out: str
    err: str
    code: int


class Kubectl:
    """`run("get pods")`: what kubectl says, and its exit code."""

    def __init__(self, client: Client, namespace: str) -> None:
        self.client = client
        self.namespace = namespace
        self.files = MemoryFiles()
        self.edit: Callable[[str, str], str | None] | None = None
        self.kept: dict[str, str] = {}
        self.stop = Stop()

    def run(self, line: str, stdin: str = "", files: Mapping[str, str] | None = None) -> Said:
        self.files.texts.update(files or {})
        out, err = list[str](), list[str]()
        streams = Streams(
            out.append, err.append, Text(stdin), self.files, self.stop, edit=self.edit, kept=self.kept, link=_link
        )
        code = kubectl(shlex.split(line), self.client, self.namespace, streams)
        return Said("".join(out), "".join(err), code)

    __call__ = run

    def ok(self, line: str, stdin: str = "") -> str:
        """The output of a command that must succeed."""
        said = self.run(line, stdin)
        assert said.code == 0, said
        return said.out


def _link(namespace: str, plural: str, name: str, port: int) -> str:
    return f"https://lab.example/{plural}/{name}:{port}/"


@pytest.fixture(scope="session")
def cluster(emulator: Path) -> Client:
    return Client.from_kubeconfig(emulator)


@pytest.fixture
def run(cluster: Client, namespace_name: str) -> Iterator[Kubectl]:
    cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace_name}})
    room = Kubectl(cluster, namespace_name)
    yield room
    room.stop.set()
    cluster.delete("v1", "Namespace", namespace_name)
