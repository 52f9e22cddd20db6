"""kubectl taint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..describe.kinds.node import taint_text
from ..failures import Failures
from ..flags import Flag
from ..flagsets import ALL, DRY_RUN, OUTPUT, SELECTOR, manager
from ..invocation import Failed, Invocation
from ..nodes.taints import NotTaint, read_taints
from ..output.printers import Report
from ..registry import verb
from ..requests import patch, writing
from ..resources import Item, Selection, find_resource

Taint = dict[str, Any]
MANAGER = "kubectl-taint"


@verb(
    "taint",
    OUTPUT,
    SELECTOR,
    ALL,
    DRY_RUN,
    manager(MANAGER),
    Flag("overwrite", kind="bool", help="If true, allow taints to be overwritten."),
    summary="Update the taints on one or more nodes",
    usage="NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N",
    examples="  kubectl taint nodes node-1 dedicated=db:NoSchedule\n  kubectl taint nodes node-1 dedicated-",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    words, changes = _split(invocation.args)
    if not words:
        raise Failed("error: one or more resources must be specified as <resource> <name>")
    if not changes:
        raise Failed("error: at least one taint update is required")
    try:
        added, removed = read_taints(changes)
    except NotTaint as problem:
        raise Failed(f"error: {problem}\nSee 'kubectl taint -h' for help and examples") from None
    if find_resource(invocation, words[0]).kind != "Node":
        raise Failed(f"error: invalid resource type {words[0].lower()}, only node types are supported")
    _check(invocation, words, added, removed)
    chosen = invocation.flags.on("all") or invocation.flags.text("selector")
    report, failures = Report(invocation), Failures()
    for item in list(Selection(invocation, words[:1] if chosen else words).items(failures)):
        with failures.kept():
            _taint(invocation, report, item, added, removed)
    failures.finish()


def _split(args: Sequence[str]) -> tuple[list[str], list[str]]:
    words: list[str] = []
    changes: list[str] = []
    for word in args:
        if "=" in word or ":" in word or word.endswith("-"):
            changes.append(word)
        elif changes:
            raise Failed(f"error: all resources must be specified before taint changes: {word}")
        else:
            words.append(word)
    return words, changes


def _check(invocation: Invocation, words: list[str], added: list[Taint], removed: list[Taint]) -> None:
    both = [
        f"{gone['key']}={gone.get('effect', '')}"
        for new in added
        for gone in removed
        if new["key"] == gone["key"] and gone.get("effect", new["effect"]) == new["effect"]
    ]
    if both:
        what = "can not both modify and remove the following taint(s) in the same command"
        raise Failed(f"error: {what}: {', '.join(both)}")
    everything, selector = invocation.flags.on("all"), invocation.flags.text("selector")
    if everything and selector:
        raise Failed("error: setting 'all' parameter with a non empty selector is prohibited")
    if not everything and not selector and len(words) < 2:
        raise Failed("error: at least one resource name must be specified since 'all' parameter is not set")


def _same(a: Taint, b: Taint) -> bool:
    return a["key"] == b["key"] and a.get("effect") == b.get("effect")


def _taint(invocation: Invocation, report: Report, item: Item, added: list[Taint], removed: list[Taint]) -> None:
    old: list[Taint] = (item.obj.get("spec") or {}).get("taints") or []
    overwrite = invocation.flags.on("overwrite")
    there = [new["key"] for new in added for taint in old if _same(new, taint)]
    if there and not overwrite:
        why = "taint(s) with same effect(s) and --overwrite is false"
        raise Failed(f"error: node {item.name} already has {','.join(there)} {why}")
    new = [*added, *(taint for taint in old if not any(_same(taint, other) for other in added))]
    grown = len(new) != len(old)
    for gone in removed:
        kept = [t for t in new if t["key"] != gone["key"] or gone.get("effect", t.get("effect")) != t.get("effect")]
        if len(kept) == len(new):
            raise Failed(f'error: taint "{taint_text(gone)}" not found')
        new = kept
    done = "modified" if overwrite or (grown and removed) else "tainted" if grown else "untainted"
    body = {"spec": {"taints": new or None}}
    if report.how != "client":
        query = writing(invocation, manager=MANAGER)
        item = item.now(patch(invocation, item.resource, None, item.name, body, "merge", query))
    report.tell(item, done, bare=True)
