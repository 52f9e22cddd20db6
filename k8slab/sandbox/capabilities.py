"""What a cluster can do beyond holding a namespace: asked of the cluster itself, never of its name.

An exercise names what it needs; where that is missing it is shown as not available here.
"""

from __future__ import annotations

import time

from k8slab.kube.client import Client
from k8slab.kube.errors import Forbidden, KubeError, Unauthorized

from .cluster import app_client

FRESH = 300.0  # seconds that an answer is believed
_kept: tuple[float, frozenset[str]] | None = None


def capabilities() -> frozenset[str]:
    """Of the cluster that the app uses. Raises Unavailable while it cannot be asked and never could."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > FRESH:
        try:
            _kept = (time.monotonic(), probe(app_client()))
        except KubeError:
            if _kept is None:
                raise
    return _kept[1]


def probe(client: Client) -> frozenset[str]:
    found = {"exec": _exec(client), "private-nodes": _answers(client, "/emulator/nodes")}
    return frozenset(name for name, there in found.items() if there)


def _exec(client: Client) -> bool:
    return "exec" in client.resource("v1", "Pod").subresources


def _answers(client: Client, path: str) -> bool:
    try:
        return client.answers(path)
    except (Forbidden, Unauthorized):
        return False
