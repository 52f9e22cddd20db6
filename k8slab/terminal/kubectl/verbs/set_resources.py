"""kubectl set resources."""

from __future__ import annotations

import re

from ..changing import change_each, nothing_selected
from ..flags import Flag
from ..flagsets import manager
from ..invocation import Failed, Invocation
from ..registry import verb
from ..resources import Item, Selection
from ..setting.templates import CONTAINERS, SETTING, Map, chosen, edit_pod

_QUANTITY = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?")
NO_QUANTITY = "error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


@verb(
    "set resources",
    SETTING,
    CONTAINERS,
    manager("kubectl-set"),
    Flag("limits", help="The resource requirement limits for this container, e.g. 'cpu=100m,memory=256Mi'."),
    Flag("requests", help="The resource requirement requests for this container, e.g. 'cpu=100m,memory=256Mi'."),
    summary="Update resource requests/limits on objects with pod templates",
    usage="(-f FILENAME | TYPE NAME) ([--limits=LIMITS & --requests=REQUESTS]",
    examples="  kubectl set resources deployment web --limits=cpu=200m,memory=512Mi --requests=cpu=100m,memory=256Mi",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    flags = invocation.flags
    nothing_selected(invocation, list(invocation.args))
    if not flags.text("limits") and not flags.text("requests"):
        raise Failed("error: you must specify an update to requests or limits (in the form of --requests/--limits)")
    limits, requests = _quantities(flags.text("limits")), _quantities(flags.text("requests"))

    def edit(item: Item) -> Map:
        return edit_pod(item, lambda pod: _set(pod, flags.text("containers"), limits, requests))

    selection = Selection(invocation, local=flags.on("local"))
    change_each(invocation, selection, edit, "resource requirements updated", "kubectl-set")


def _quantities(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in text.split(",") if text else ():
        name, equals, value = word.partition("=")
        if not equals or "=" in value:
            raise Failed(f"error: Invalid argument syntax {word}, expected <resource>=<value>")
        if not _QUANTITY.fullmatch(value):
            raise Failed(NO_QUANTITY)
        found[name] = value
    return found


def _set(pod: Map, pattern: str, limits: dict[str, str], requests: dict[str, str]) -> None:
    containers = chosen(pod, pattern, init=False)
    if not containers:
        raise Failed(f"error: unable to find container named {pattern}")
    for container in containers:
        resources: Map = dict(container.get("resources") or {})
        for key, new in (("limits", limits), ("requests", requests)):
            if new:
                merged = {**(resources.get(key) or {}), **new}
                resources[key] = {name: value for name, value in merged.items() if value != "0"}
        container["resources"] = resources
