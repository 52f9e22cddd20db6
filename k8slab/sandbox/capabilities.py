"""What a cluster can do beyond holding a namespace: asked of the cluster itself, never of its name.

An exercise names what it needs; where that is missing it is shown as not available here.
"""

from __future__ import annotations

import time

from k8slab.kube.client import Client
from k8slab.kube.errors import Forbidden, KubeError, Unauthorized, UnknownKind

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
    nodes = simulated(client)
    found = {
        "exec": _exec(client),
        "private-nodes": nodes,
        "host-path": nodes,
        "cluster-scoped": _serves(client, "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"),
    }
    return frozenset(name for name, there in found.items() if there)


def simulated(client: Client) -> bool:
    """Whether the cluster's nodes are nobody's machines: they can be had, switched off and written to at will."""
    return _answers(client, "/emulator/nodes")


def _serves(client: Client, api_version: str, kind: str) -> bool:
    try:
        client.resource(api_version, kind)
    except UnknownKind:
        return False
    return True


def _exec(client: Client) -> bool:
    return "exec" in client.resource("v1", "Pod").subresources


def _answers(client: Client, path: str) -> bool:
    try:
        return client.answers(path)
    except (Forbidden, Unauthorized):
        return False
