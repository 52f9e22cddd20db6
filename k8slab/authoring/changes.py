"""Rings a sandbox's bell when something in it, or of it, has changed: one shared watch per kind for all trials."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from k8slab.kube.client import Client
from k8slab.kube.errors import KubeError
from k8slab.kube.watch import Changed, Stop, Watch

log = logging.getLogger(__name__)

Kind = tuple[str, str]
NAMESPACE: Kind = ("v1", "Namespace")
Adopt = Callable[[str], None]


class Stopped(Exception):
    """Somebody has ended it all."""


class Bell:
    def __init__(self) -> None:
        self._rung = threading.Event()
        self._stopped = False

    def clear(self) -> None:
        """Raises Stopped."""
        self._rung.clear()
        if self._stopped:
            raise Stopped

    def ring(self) -> None:
        self._rung.set()

    def stop(self) -> None:
        self._stopped = True
        self.ring()

    def wait(self, seconds: float) -> None:
        self._rung.wait(seconds)


class Changes:
    def __init__(self) -> None:
        self._bells: dict[str, tuple[Bell, Adopt]] = {}

    @contextmanager
    def bell(self, namespace: str, adopt: Adopt) -> Iterator[Bell]:
        """`adopt` is called, in another thread, with each further namespace that is made in the sandbox."""
        bell = Bell()
        self._bells[namespace] = (bell, adopt)
        try:
            yield bell
        finally:
            del self._bells[namespace]

    def stop(self) -> None:
        """Whoever waits for a bell gives up."""
        for bell, _ in list(self._bells.values()):
            bell.stop()

    @contextmanager
    def following(self, client: Client, kinds: Iterable[Kind]) -> Iterator[None]:
        stop = Stop()
        with ThreadPoolExecutor(2) as adopting:
            for kind in {*kinds, NAMESPACE}:
                threading.Thread(
                    target=self._follow, args=(client, kind, stop, adopting), name=kind[1], daemon=True
                ).start()
            try:
                yield
            finally:
                stop.set()

    def _follow(self, client: Client, kind: Kind, stop: Stop, adopting: ThreadPoolExecutor) -> None:
        for change in Watch(client, *kind).forever(stop):
            if not isinstance(change, Changed):
                continue
            metadata = change.obj["metadata"]
            self._ring(metadata.get("namespace") or metadata["name"])
            if kind == NAMESPACE and change.type == "ADDED" and not stop.is_set():
                adopting.submit(self._adopt, metadata["name"])

    def _ring(self, name: str) -> None:
        """What is outside a sandbox's namespace carries its name as a prefix."""
        for known in _prefixes(name):
            if known in self._bells:
                self._bells[known][0].ring()

    def _adopt(self, name: str) -> None:
        for known in _prefixes(name):
            if known != name and known in self._bells:
                try:
                    self._bells[known][1](name)
                except KubeError as error:
                    log.warning("namespace %s: not adopted: %s", name, error)


def _prefixes(name: str) -> Iterator[str]:
    parts = name.split("-")
    for count in range(2, len(parts) + 1):
        yield "-".join(parts[:count])
