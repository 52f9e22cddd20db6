"""`get -w`: the list, then every change as it comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from k8slab.kube.client import Obj
from k8slab.kube.errors import Expired

from ..following import LONGEST, watch
from ..invocation import Failed
from ..output.printers import READING, Print, columns_printer, format_of, object_printer
from ..requests import TABLE, selectors
from ..resources import Target, label
from .tables import as_table
from .view import View

PAUSE = 0.2  # seconds before the next stream, also where a server ends each at once
Show = Callable[[Obj, str], None]  # a list, an object or a Table, and the watch event it came with


def follow(view: View) -> None:
    """Prints until the stop; ends by itself only where the server says that it cannot go on."""
    target = _one_target(view)
    table = _wants_table(view)
    show = _table_show(view, target) if table else _object_show(view)
    found = view.fetch(target, table=table)
    if found is None:
        return
    version = (found.get("metadata") or {}).get("resourceVersion", "")
    if table and target.name:
        version = _row_version(found) or version
    if not view.invocation.flags.on("watch-only"):
        show(found, "ADDED")
    while True:
        version = _stream(view, target, show, version, table=table)
        view.invocation.streams.stop.wait(PAUSE)


def _one_target(view: View) -> Target:
    targets = list(view.targets())
    if len(targets) != 1:
        raise Failed("error: you may only specify a single resource type")
    return targets[0]


def _wants_table(view: View) -> bool:
    return format_of(view.invocation)[0] in ("", "wide")


def _row_version(table: Obj) -> str:
    rows = table.get("rows") or [{}]
    return str(((rows[0].get("object") or {}).get("metadata") or {}).get("resourceVersion", ""))


def _stream(view: View, target: Target, show: Show, version: str, *, table: bool) -> str:
    """One stream to its end; the version to go on from."""
    fields = view.selection.fields
    if target.name:
        fields = f"metadata.name={target.name}"
    query = [*selectors(view.selection.labels, fields), ("resourceVersion", version)]
    query += [("allowWatchBookmarks", "true"), ("timeoutSeconds", str(int(LONGEST)))]
    path = target.resource.path(target.namespace)
    accept = TABLE if table else "application/json"
    try:
        for event, obj in watch(view.invocation, path, query, accept=accept, timeout=LONGEST + 15):
            version = (_row_version(obj) if table else obj["metadata"].get("resourceVersion")) or version
            show(obj, event)
    except Expired as error:
        raise Failed(f"error: {error.message}") from None
    return version


def _table_show(view: View, target: Target) -> Show:
    shown = view.table_view(target)
    events = view.invocation.flags.on("output-watch-events")

    def show(answer: Obj, event: str) -> None:
        table = as_table(answer)
        names = [event] * len(table.get("rows") or ()) if events else None
        view.invocation.streams.out(shown.show(table, names))

    return show


def _object_show(view: View) -> Show:
    printer = _printer(view)
    events = view.invocation.flags.on("output-watch-events")

    def show(answer: Obj, event: str) -> None:
        for obj in answer["items"] if view.is_list(answer) else [answer]:
            view.invocation.streams.out(printer({"type": event, "object": obj} if events else obj))

    return show


def _printer(view: View) -> Print:
    invocation = view.invocation
    output, argument = format_of(invocation)
    if output.startswith("custom-columns"):
        columns = columns_printer(invocation, output, argument)
        return lambda obj: columns.show([obj])
    printer = object_printer(invocation, READING)

    def name(obj: Any) -> str:
        return label(invocation.client.resource(obj["apiVersion"], obj["kind"]), obj["metadata"]["name"]) + "\n"

    return printer or name
