"""Killed at any moment, as by a power cut, it comes back with everything that it said was done."""

from __future__ import annotations

import random
import threading
from pathlib import Path
from typing import Any

from k8slab.kube.client import Client
from k8slab.kube.errors import KubeError, Unavailable
from tests.emulator_process import Emulator, running_emulator

ROUNDS = 4
WRITERS = 4
MOST_WRITES = 150  # of a round, before the kill
GONE = 0


class Writer(threading.Thread):
    """Creates, changes and deletes config maps until the server is gone; remembers what was answered."""

    def __init__(self, client: Client, prefix: str, enough: threading.Semaphore) -> None:
        super().__init__(daemon=True)
        self._client = client
        self._prefix = prefix
        self._enough = enough
        self.answered: dict[str, int] = {}  # name: the last resourceVersion that was told, or GONE
        self.versions: list[int] = []
        self.unanswered = ""
        self.refused: KubeError | None = None

    def run(self) -> None:
        try:
            for number in range(10_000):
                self._live(f"{self._prefix}-{number}", number)
        except Unavailable:
            return
        except KubeError as error:
            self.refused = error
        finally:
            self._enough.release(MOST_WRITES)  # whoever waits for answers has waited long enough

    def _live(self, name: str, number: int) -> None:
        self.unanswered = name
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"is": "new"}}
        self._note(name, self._client.create(body, "default"))
        self._note(name, self._client.patch("v1", "ConfigMap", name, "default", {"data": {"is": "changed"}}))
        if number % 3 == 0:
            self._client.delete("v1", "ConfigMap", name, "default")
            self.answered[name] = GONE
            self._enough.release()

    def _note(self, name: str, obj: dict[str, Any]) -> None:
        self.answered[name] = int(obj["metadata"]["resourceVersion"])
        self.versions.append(self.answered[name])
        self._enough.release()


def write_until_killed(cluster: Emulator, prefix: str, writes: int) -> list[Writer]:
    enough = threading.Semaphore(0)
    writers = [
        Writer(Client.from_kubeconfig(cluster.kubeconfig), f"{prefix}-{number}", enough) for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for _ in range(writes):
        assert enough.acquire(timeout=30)
    cluster.kill()
    for writer in writers:
        writer.join(30)
        assert not writer.is_alive()
        assert writer.refused is None
    return writers


def check(found: dict[str, dict[str, Any]], writer: Writer) -> None:
    """All is as it was answered; what was asked last, without an answer, may or may not have come to pass."""
    for name, version in writer.answered.items():
        kept = int(found[name]["metadata"]["resourceVersion"]) if name in found else GONE
        if name == writer.unanswered:
            assert kept == GONE or kept >= version
        else:
            assert kept == version, name
    assert writer.versions == sorted(set(writer.versions))


def test_every_answered_write_survives_kills_at_random(tmp_path: Path) -> None:
    drawn = random.Random(2026)
    with running_emulator(tmp_path, nodes=0) as cluster:
        writers: list[Writer] = []
        for number in range(ROUNDS):
            writers += write_until_killed(cluster, f"round{number}", drawn.randint(1, MOST_WRITES))
            cluster.start()
            client = Client.from_kubeconfig(cluster.kubeconfig)
            listing = client.list("v1", "ConfigMap", "default")
            found = {item["metadata"]["name"]: item for item in listing["items"]}
            for writer in writers:
                check(found, writer)
            newest = max(version for writer in writers for version in (*writer.versions, 0))
            assert int(listing["metadata"]["resourceVersion"]) >= newest
