"""cordon, uncordon, and what drain does first."""

from __future__ import annotations

from ..failures import Failures
from ..flagsets import DRY_RUN, SELECTOR
from ..invocation import Failed, Invocation
from ..output.printers import DONE, dry_run
from ..requests import patch
from ..resources import Item, Selection

NODES = (SELECTOR, DRY_RUN)


def chosen_nodes(invocation: Invocation) -> list[Item]:
    """By name or by label. Raises Failed where neither is given, or both are, and for what is not there."""
    names, selector = list(invocation.args), invocation.flags.text("selector")
    see = f"\nSee 'kubectl {invocation.verb} -h' for help and examples"
    if not names and not selector:
        raise Failed(f"error: USAGE: {invocation.verb} NODE [flags]{see}")
    if names and selector:
        raise Failed(f"error: error: cannot specify both a node name and a --selector option{see}")
    names = [name.partition("/")[2] if name.startswith(("node/", "nodes/", "no/")) else name for name in names]
    failures = Failures()
    items = list(Selection(invocation, ["nodes", *names]).items(failures))
    failures.finish()
    return items


def cordon(invocation: Invocation, nodes: list[Item], *, closed: bool) -> None:
    word, how = "cordoned" if closed else "uncordoned", dry_run(invocation)
    for node in nodes:
        already = bool((node.obj.get("spec") or {}).get("unschedulable")) == closed
        if not already and how != "client":
            body = {"spec": {"unschedulable": True if closed else None}}
            query = [("dryRun", "All")] if how == "server" else []
            patch(invocation, node.resource, None, node.name, body, "strategic", query)
        invocation.say(f"{node.label} {'already ' if already else ''}{word}{DONE[how]}")
