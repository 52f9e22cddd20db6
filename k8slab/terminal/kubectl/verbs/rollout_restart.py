"""kubectl rollout restart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..flagsets import manager
from ..invocation import Failed, Invocation
from ..registry import verb
from ..resources import Item
from ..rolling.patching import MANAGER, ROLLOUT, Unable, is_workload, patch_each

RESTARTED = "kubectl.kubernetes.io/restartedAt"


@verb(
    "rollout restart",
    ROLLOUT,
    manager(MANAGER),
    summary="Restart a resource",
    usage="RESOURCE",
    examples="  kubectl rollout restart deployment/web",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    patch_each(invocation, _restart, "restarted")


def _restart(item: Item) -> dict[str, Any]:
    if not is_workload(item, "Deployment", "DaemonSet", "StatefulSet"):
        raise Unable("restarting is not supported")
    if item.obj["spec"].get("paused"):
        raise Unable("can't restart paused deployment (run rollout resume first)")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    before = (item.obj["spec"]["template"].get("metadata") or {}).get("annotations") or {}
    if before.get(RESTARTED) == now:
        wait = "please wait before attempting to trigger another"
        raise Failed(
            f"error: failed to create patch for {item.name}: "
            f"if restart has already been triggered within the past second, {wait}"
        )
    return {"spec": {"template": {"metadata": {"annotations": {RESTARTED: now}}}}}
