"""What the engine may see and do: a protocol of plain data, met by `sandbox.world.SandboxWorld` and by test fakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Obj = Mapping[str, Any]


class WorldError(Exception):
    """The cluster did not answer as it should: the check's verdict is `error`, never `fail`."""


class World(Protocol):
    """The student's namespace. Every method may raise WorldError (or a subclass)."""

    def list(self, api_version: str, kind: str) -> Sequence[Obj]:
        """All objects of the kind in the namespace (cluster-scoped kinds: those of this student)."""

    def events(self) -> Sequence[Obj]:
        """The namespace's core/v1 Events."""

    def namespace(self) -> Obj: ...

    def http(self, pod: str, container: str | None, url: str, timeout: float) -> Mapping[str, Any]:
        """`{"status": 200, "body": "…"}` or `{"error": "connection refused"}`, asked from inside the pod."""

    def dns(self, pod: str, container: str | None, name: str, timeout: float) -> Mapping[str, Any]:
        """`{"addresses": ["10.96.0.7"]}` or `{"error": "NXDOMAIN"}`."""

    def exec(self, pod: str, container: str | None, command: Sequence[str], timeout: float) -> Mapping[str, Any]:
        """`{"exitCode": 0, "stdout": "…", "stderr": "…"}`."""

    def delete(self, api_version: str, kind: str, name: str) -> None:
        """Deletes one object at once (grace period 0), as the grader."""
