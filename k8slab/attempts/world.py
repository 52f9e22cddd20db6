"""The sandbox as the grading engine wants it: a cluster's trouble becomes a WorldError, so a check says `error`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from k8slab.grading.world import Obj, WorldError
from k8slab.kube.errors import KubeError
from k8slab.sandbox.models import Sandbox
from k8slab.sandbox.world import SandboxWorld


@contextmanager
def _cluster_trouble() -> Iterator[None]:
    try:
        yield
    except KubeError as error:
        raise WorldError(error.message) from error


class GradedWorld:
    """Implements grading.world.World. Args: `alive` says before each act whether the grading still counts."""

    def __init__(self, sandbox: Sandbox, alive: Callable[[], bool]) -> None:
        self._world = SandboxWorld(sandbox)
        self._alive = alive

    def list(self, api_version: str, kind: str) -> Sequence[Obj]:
        with _cluster_trouble():
            return self._world.list(api_version, kind)

    def events(self) -> Sequence[Obj]:
        with _cluster_trouble():
            return self._world.events()

    def namespace(self) -> Obj:
        with _cluster_trouble():
            return self._world.namespace()

    def http(self, pod: str, container: str | None, url: str, timeout: float) -> Mapping[str, Any]:
        with _cluster_trouble():
            return self._world.http(pod, container, url, timeout)

    def dns(self, pod: str, container: str | None, name: str, timeout: float) -> Mapping[str, Any]:
        with _cluster_trouble():
            return self._world.dns(pod, container, name, timeout)

    def exec(self, pod: str, container: str | None, command: Sequence[str], timeout: float) -> Mapping[str, Any]:
        with _cluster_trouble():
            return self._world.exec(pod, container, command, timeout)

    def delete(self, api_version: str, kind: str, name: str) -> None:
        if not self._alive():
            raise WorldError("the attempt was reset meanwhile")
        with _cluster_trouble():
            self._world.delete(api_version, kind, name)
