"""kubectl set serviceaccount."""

from __future__ import annotations

from ..changing import change_each
from ..flagsets import manager
from ..invocation import Failed, Invocation
from ..registry import verb
from ..resources import Item, Selection
from ..setting.templates import SETTING, Map, edit_pod


@verb(
    "set serviceaccount",
    SETTING,
    manager("kubectl-set"),
    summary="Update the service account of a resource",
    usage="(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT",
    examples="  kubectl set serviceaccount deployment web robot",
    aliases=("set sa",),
    completes="resource",
)
def run(invocation: Invocation) -> None:
    args = list(invocation.args)
    if not args:
        raise Failed("error: serviceaccount is required")
    name = args.pop()

    def edit(item: Item) -> Map:
        return edit_pod(item, lambda pod: pod.update(serviceAccountName=name))

    selection = Selection(invocation, args, local=invocation.flags.on("local"))
    change_each(invocation, selection, edit, "serviceaccount updated", "kubectl-set")
