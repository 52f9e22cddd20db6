"""Waiting until deleted objects are gone."""

from __future__ import annotations

import time

from k8slab.kube.discovery import Resource
from k8slab.kube.errors import NotFound

from ..invocation import Invocation
from ..requests import get

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between looks


def gone(
    invocation: Invocation,
    resource: Resource,
    namespace: str | None,
    name: str,
    *,
    uid: str = "",
    until: float = float("inf"),
) -> bool:
    """Whether the object went (or another of its name came) before `until`, a monotonic time."""
    pause = FIRST_PAUSE
    while True:
        try:
            obj = get(invocation, resource, namespace, name)
        except NotFound:
            return True
        if uid and obj["metadata"].get("uid") != uid:
            return True
        if time.monotonic() > until:
            return False
        invocation.streams.stop.wait(pause)
        pause = min(LONGEST_PAUSE, 2 * pause)
