"""kubectl set selector."""

from __future__ import annotations

from ..changing import change_each, nothing_selected
from ..creating.objects import pairs
from ..flags import Flag
from ..flagsets import manager
from ..invocation import Failed, Invocation
from ..registry import verb
from ..resources import Item, Selection
from ..setting.templates import SETTING, Map


@verb(
    "set selector",
    [flag for flag in SETTING if flag.name != "selector"],
    manager("kubectl-set"),
    Flag("resource-version", help="If non-empty, the selectors update will only succeed if this is the version."),
    summary="Set the selector on a resource",
    usage="(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]",
    examples="  kubectl set selector service web app=web,tier=front",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    args = list(invocation.args)
    words, texts = (args[:-1], args[-1]) if args and "=" in args[-1] else (args, "")
    nothing_selected(invocation, words)
    if not texts:
        raise Failed("error: one selector expression is required")
    selector = pairs(texts.split(","), "selector")

    def edit(item: Item) -> Map:
        if item.resource.kind != "Service":
            raise Failed("error: setting a selector is only supported for Services")
        return {**item.obj, "spec": {**item.obj["spec"], "selector": selector}}

    selection = Selection(invocation, words, local=invocation.flags.on("local"))
    change_each(invocation, selection, edit, "selector updated", "kubectl-set")
