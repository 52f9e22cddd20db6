"""`get` as tables, as the server makes them."""

from __future__ import annotations

from typing import Any

from k8slab.kube.client import Obj

from ..output.ages import age
from ..output.tables import TableView
from ..resources import Target
from .sorting import no_such_field, sort_rows
from .view import View


def show_tables(view: View) -> None:
    """One table for each kind; consecutive objects of one kind share theirs."""
    found: list[tuple[Target, Obj]] = []
    for target in view.targets():
        view.seen(target)
        with view.failures.kept():
            table = view.fetch(target, table=True)
            if table is not None:
                found.append((target, table))
    if view.sort_by and len(found) > 1:
        raise no_such_field(view.sort_by)  # kubectl sorts only one table
    shown = _Tables(view, several=len({target.resource for target, _ in found}) > 1)
    for target, table in found:
        shown.add(target, table)
    if not shown.wrote:
        view.nothing_found()
    view.failures.finish(together=True)


class _Tables:
    def __init__(self, view: View, *, several: bool) -> None:
        self._view = view
        self._several = several
        self._of: Any = None
        self._table: TableView | None = None
        self._separate = False
        self.wrote = False

    def add(self, target: Target, answer: Obj) -> None:
        table = as_table(answer)
        if self._view.sort_by:
            sort_rows(table, self._view.sort_by)
        if target.resource != self._of or self._table is None:
            self._of, self._table = target.resource, self._view.table_view(target, several=self._several)
            self._separate = self.wrote and self._table.headers
        text = self._table.show(table)
        if text:
            self._view.invocation.streams.out(("\n" if self._separate else "") + text)
            self._separate, self.wrote = False, True


def as_table(answer: Obj) -> Obj:
    """A Table; a server that makes none (a subresource) is answered by its object's name and age."""
    if answer.get("kind") == "Table":
        return answer
    items = answer["items"] if isinstance(answer.get("items"), list) else [answer]
    columns = [{"name": "Name"}, {"name": "Age"}]
    rows = [{"cells": [(item.get("metadata") or {}).get("name", ""), age(item)], "object": item} for item in items]
    return {"kind": "Table", "columnDefinitions": columns, "rows": rows}
