"""Verbs that change objects one by one: an edited copy, the patch from it, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .creating.objects import as_typed
from .failures import Failures
from .invocation import Failed, Invocation
from .merging.difference import difference
from .merging.schema import merging_of
from .merging.threeway import json_difference
from .output.printers import Report
from .requests import patch, writing
from .resources import Item, Selection

Map = dict[str, Any]
Edit = Callable[[Item], Map]  # the object as it is to be; raises Failed


def patch_between(invocation: Invocation, item: Item, new: Map) -> tuple[Map, str]:
    """The patch that makes `new` of an item, and its kind; {} where nothing changes."""
    merging = merging_of(invocation.client.fields, item.resource)
    if merging is None:
        return json_difference(item.obj, new), "merge"
    return difference(item.obj, new, merging), "strategic"


def change_each(invocation: Invocation, selection: Selection, edit: Edit, done: str, manager: str) -> None:
    """Edits every object that is selected; those that stay as they are are passed over in silence, as in `set`."""
    report, failures = Report(invocation), Failures()
    for item in list(selection.items(failures)):
        with failures.kept():
            changed = _changed(invocation, report, item, edit(item), manager)
            if changed is not None:
                report.tell(changed, done)
    failures.finish()


def _changed(invocation: Invocation, report: Report, item: Item, new: Map, manager: str) -> Item | None:
    if report.how == "client" or invocation.flags.values.get("local"):
        return item.now(as_typed(new))
    body, how = patch_between(invocation, item, new)
    if not body:
        return None
    query = writing(invocation, manager=manager)
    return item.now(patch(invocation, item.resource, item.namespace, item.name, body, how, query))


def words_and_changes(args: list[str]) -> tuple[list[str], list[str]]:
    """`deploy web a=b c-` → the resource's words, the changes."""
    for i, word in enumerate(args):
        if "=" in word[1:] or (i and word.endswith("-") and len(word) > 1):
            return args[:i], args[i:]
    return args, []


def found(selection: Selection) -> list[Item]:
    """All that is selected. Raises what is wrong with that, for commands that are incomplete besides."""
    failures = Failures()
    items = list(selection.items(failures))
    failures.finish()
    return items


def nothing_selected(invocation: Invocation, words: list[str]) -> None:
    """Raises Failed where neither words nor files say what is to be changed."""
    if not words and not invocation.flags.values.get("filename"):
        raise Failed("error: one or more resources must be specified as <resource> <name> or <resource>/<name>")
