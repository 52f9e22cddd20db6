"""kubectl drain."""

from __future__ import annotations

from k8slab.kube.errors import KubeError

from ..durations import seconds
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..nodes.cordoning import NODES, chosen_nodes, cordon
from ..nodes.evicting import evict_all
from ..nodes.leaving import leaving
from ..output.printers import DONE, dry_run
from ..registry import verb


@verb(
    "drain",
    NODES,
    Flag("force", kind="bool", help="Continue even if there are pods that do not declare a controller."),
    Flag("ignore-daemonsets", kind="bool", help="Ignore DaemonSet-managed pods."),
    Flag("delete-emptydir-data", kind="bool", help="Continue even if there are pods using emptyDir."),
    Flag("grace-period", kind="int", default="-1", help="Seconds given to each pod to terminate; negative: its own."),
    Flag("timeout", kind="duration", default="0s", help="The length of time to wait before giving up, zero: infinite."),
    Flag("pod-selector", help="Label selector to filter pods on the node."),
    summary="Drain node in preparation for maintenance",
    usage="NODE",
    examples="  kubectl drain node-1 --ignore-daemonsets --delete-emptydir-data",
    completes="node",
)
def run(invocation: Invocation) -> None:
    nodes, how = chosen_nodes(invocation), dry_run(invocation)
    cordon(invocation, nodes, closed=True)
    pending: dict[str, str] = {}
    for node in nodes:
        try:
            _empty(invocation, node.name, how)
        except (Failed, KubeError) as error:
            pending[node.name] = error.message
            why = f'error: unable to drain node "{node.name}" due to error: {error.message}'
            invocation.warn(f"{why}, continuing command...")
        else:
            invocation.say(f"{node.label} drained{DONE[how]}")
    if pending:
        invocation.warn("There are pending nodes to be drained:")
        for name in pending:
            invocation.warn(f" {name}")
        raise Failed("\n".join(dict.fromkeys(pending.values())))


def _empty(invocation: Invocation, node: str, how: str) -> None:
    found = leaving(invocation, node)
    if found.problem():
        raise Failed(found.problem())
    if found.warning():
        invocation.warn(f"Warning: {found.warning()}")
    if how == "client":
        for pod in found.pods:
            invocation.say(f"evicting pod {pod['metadata']['namespace']}/{pod['metadata']['name']} (dry run)")
        return
    try:
        evict_all(invocation, found.pods, seconds(invocation, "timeout"), how)
    except Failed as error:
        left = leaving(invocation, node).pods
        if left:
            invocation.warn(f'There are pending pods in node "{node}" when an error occurred: {error.message}')
        for pod in left:
            invocation.warn(f"pod/{pod['metadata']['name']}")
        raise
