"""kubectl rollout pause."""

from __future__ import annotations

from typing import Any

from ..flagsets import manager
from ..invocation import Invocation
from ..registry import verb
from ..resources import Item
from ..rolling.patching import MANAGER, ROLLOUT, Unable, is_workload, patch_each


@verb(
    "rollout pause",
    ROLLOUT,
    manager(MANAGER),
    summary="Mark the provided resource as paused",
    usage="RESOURCE",
    examples="  kubectl rollout pause deployment/web",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    patch_each(invocation, _pause, "paused")


def _pause(item: Item) -> dict[str, Any]:
    if not is_workload(item, "Deployment"):
        raise Unable("pausing is not supported")
    if item.obj["spec"].get("paused"):
        raise Unable("is already paused")
    return {"spec": {"paused": True}}
