"""kubectl rollout resume."""

from __future__ import annotations

from typing import Any

from ..flagsets import manager
from ..invocation import Invocation
from ..registry import verb
from ..resources import Item
from ..rolling.patching import MANAGER, ROLLOUT, Unable, is_workload, patch_each


@verb(
    "rollout resume",
    ROLLOUT,
    manager(MANAGER),
    summary="Resume a paused resource",
    usage="RESOURCE",
    examples="  kubectl rollout resume deployment/web",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    patch_each(invocation, _resume, "resumed")


def _resume(item: Item) -> dict[str, Any]:
    if not is_workload(item, "Deployment"):
        raise Unable("resuming is not supported")
    if not item.obj["spec"].get("paused"):
        raise Unable("is not paused")
    return {"spec": {"paused": None}}
