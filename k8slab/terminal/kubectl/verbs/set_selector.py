"""kubectl set selector."""

from __future__ import annotations

from ..changing import change_each, found
from ..creating.objects import pairs
from ..flags import Flag
from ..flagsets import manager
from ..invocation import Failed, Invocation
from ..manifests import has_files
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
    words, text = list(invocation.args[:-1]), "".join(invocation.args[-1:])
    if len(words) < 2 and not has_files(invocation):
        found(Selection(invocation, words))
    if "=" not in text:
        raise Failed(f"error: match expression [{{{text} Exists []}}] not supported on this object")
    selector = pairs(text.split(","), "selector")

    def edit(item: Item) -> Map:
        if item.resource.kind != "Service":
            raise Failed("error: setting a selector is only supported for Services")
        return {**item.obj, "spec": {**item.obj["spec"], "selector": selector}}

    selection = Selection(invocation, words, local=invocation.flags.on("local"))
    change_each(invocation, selection, edit, "selector updated", "kubectl-set")
