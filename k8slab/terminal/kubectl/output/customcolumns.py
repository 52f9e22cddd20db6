"""-o custom-columns=NAME:.metadata.name,…"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..invocation import Failed
from .columns import Columns
from .godump import go_value
from .jsonpath.evaluate import JSONPath
from .jsonpath.parse import JSONPathError

NONE = "<none>"
_PATH = re.compile(r"\{\.?([^{}]+)\}|\.?([^{}]+)")


def relaxed(expression: str) -> str:
    """`metadata.name`, `.metadata.name` and `{.metadata.name}` are the same path. Raises Failed."""
    if not expression:
        return expression
    found = _PATH.fullmatch(expression)
    if not found:
        raise Failed(
            "error: unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or "
            "'{.name1.name2}'"
        )
    return f"{{.{found[1] or found[2]}}}"


@dataclass(frozen=True, slots=True)
class Column:
    header: str
    path: JSONPath


class CustomColumns:
    def __init__(self, columns: Iterable[Column], headers: bool = True) -> None:
        self._columns = list(columns)
        self._headers = headers
        self._aligned = Columns()

    def show(self, objects: Iterable[Any]) -> str:
        rows = [[self._cell(column, obj) for column in self._columns] for obj in objects]
        if self._headers:
            rows.insert(0, [column.header for column in self._columns])
            self._headers = False
        return self._aligned.lines(rows)

    def _cell(self, column: Column, obj: Any) -> str:
        try:
            values = column.path.find(obj)
        except JSONPathError as error:
            raise Failed(f"error: {error}") from None
        return ",".join(go_value(value) if value is not None else "<nil>" for value in values) or NONE


def from_spec(spec: str, headers: bool = True) -> CustomColumns:
    """Raises Failed where the columns cannot be read."""
    if not spec:
        raise Failed("error: custom-columns format specified but no custom columns given")
    columns = []
    for part in spec.split(","):
        header, colon, path = part.partition(":")
        if not colon:
            raise Failed(f"error: unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>")
        columns.append(Column(header, _path(path)))
    return CustomColumns(columns, headers)


def from_template(text: str, headers: bool = True) -> CustomColumns:
    """-o custom-columns-file: a line of headers, a line of paths."""
    lines = text.splitlines()
    names, paths = (lines[i].split() if len(lines) > i else [] for i in (0, 1))
    if not names or not paths:
        raise Failed(
            "error: invalid template, missing header line. Expected format is one line of space separated headers, "
            "one line of space separated column specs."
        )
    if len(names) != len(paths):
        raise Failed(f"error: number of headers ({len(names)}) and field specifications ({len(paths)}) don't match")
    return CustomColumns([Column(name, _path(path)) for name, path in zip(names, paths, strict=True)], headers)


def _path(text: str) -> JSONPath:
    try:
        return JSONPath(relaxed(text))
    except JSONPathError as error:
        raise Failed(f"error: {error}") from None
