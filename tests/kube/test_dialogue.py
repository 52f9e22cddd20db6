"""Talking with a container, and a log as it grows, on the embedded cluster."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from k8slab.kube.client import Client
from k8slab.kube.dialogue import Dialogue, Wish
from k8slab.kube.errors import BadRequest, KubeError, NotFound
from k8slab.kube.logs import LogStream
from tests.parity.waiting import eventually

SPEC = {"containers": [{"name": "box", "image": "busybox", "command": ["sh", "-c", "echo hello; sleep 3600"]}]}


@pytest.fixture
def pod(emulator: Path, namespace_name: str) -> Iterator[tuple[Client, str]]:
    client = Client.from_kubeconfig(emulator)
    client.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace_name}})
    client.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "box"}, "spec": SPEC}, namespace_name)
    eventually(lambda: client.get("v1", "Pod", "box", namespace_name)["status"].get("phase") == "Running")
    yield client, client.resource("v1", "Pod").path(namespace_name, "box")
    client.delete("v1", "Namespace", namespace_name)


def said(dialogue: Dialogue) -> str:
    return b"".join(heard.data for heard in dialogue.heard()).decode()


def test_it_works(pod: tuple[Client, str]) -> None:
    client, path = pod
    dialogue = Dialogue.begin(client.connection, f"{path}/exec", Wish("box", ("sh",), stdin=True))
    dialogue.say(b"echo from inside\n")
    dialogue.say(b"exit 7\n")
    assert "from inside" in said(dialogue)
    assert dialogue.exit_code == 7
    dialogue.release()


def test_the_end_of_the_input_ends_who_reads(pod: tuple[Client, str]) -> None:
    client, path = pod
    dialogue = Dialogue.begin(client.connection, f"{path}/exec", Wish("box", ("cat",), stdin=True))
    dialogue.say(b"text")
    dialogue.end_input()
    assert (said(dialogue), dialogue.exit_code) == ("text", 0)
    dialogue.release()


def test_closing_wakes_who_listens(pod: tuple[Client, str]) -> None:
    client, path = pod
    dialogue = Dialogue.begin(client.connection, f"{path}/exec", Wish("box", ("sleep", "600")))
    timer = threading.Timer(0.1, dialogue.close)
    timer.start()
    assert (said(dialogue), dialogue.exit_code) == ("", None)
    timer.join()
    dialogue.say(b"nobody hears it")
    dialogue.release()


def test_refusals_are_errors(pod: tuple[Client, str]) -> None:
    client, path = pod
    with pytest.raises(BadRequest):
        Dialogue.begin(client.connection, f"{path}/exec", Wish("nope", ("ls",)))
    with pytest.raises(NotFound):
        Dialogue.begin(client.connection, f"{path}x/exec", Wish("box", ("ls",)))
    dialogue = Dialogue.begin(client.connection, f"{path}/exec", Wish("box", ("no-such-program",)))
    with pytest.raises(KubeError, match="executable file not found"):
        said(dialogue)
    dialogue.release()


def test_a_log_is_followed_until_somebody_closes_it(pod: tuple[Client, str]) -> None:
    client, path = pod
    stream = LogStream.open(client.connection, f"{path}/log", [("follow", "true")], follow=True)
    texts = stream.texts()
    assert next(texts) == "hello\n"
    timer = threading.Timer(0.1, stream.close)
    timer.start()
    assert list(texts) == []
    timer.join()
