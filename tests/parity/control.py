"""The embedded cluster's control API: machines come, go, fail and heal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from k8slab.kube.client import Client


@dataclass(frozen=True)
class Control:
    client: Client

    def add(self, name: str, namespace: str) -> None:
        """A node for the pods of this namespace only; it goes with the namespace."""
        self._post("nodes", {"name": name, "namespace": namespace})

    def fail(self, name: str) -> None:
        self._post(f"nodes/{name}/fail", {})

    def heal(self, name: str) -> None:
        self._post(f"nodes/{name}/heal", {})

    def _post(self, path: str, body: dict[str, Any]) -> None:
        self.client.connection.json("POST", f"/emulator/{path}", body=body, timeout=10)
