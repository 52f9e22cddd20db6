"""--sort-by: rows and objects in the order of a field."""

from __future__ import annotations

import re
from functools import cmp_to_key
from typing import Any

from k8slab.kube.client import Obj

from ..invocation import Failed
from ..output.customcolumns import relaxed
from ..output.jsonpath.evaluate import JSONPath
from ..output.jsonpath.parse import JSONPathError

_QUANTITY = re.compile(r"([+-]?[0-9]*\.?[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?")
_SUFFIX = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
_BINARY = {f"{letter}i": 1024.0 ** (i + 1) for i, letter in enumerate("KMGTPE")}
Key = tuple[int, Any]


def sort_rows(table: Obj, field: str) -> None:
    rows = table.get("rows") or []
    objects = [row.get("object") or {} for row in rows]
    try:
        table["rows"] = [rows[i] for i in _order(objects, field)]
    except Failed:
        table["rows"] = []  # kubectl then says that it found nothing


def sort_objects(objects: list[Obj], field: str) -> list[Obj]:
    return [objects[i] for i in _order(objects, field)]


def no_such_field(field: str) -> Failed:
    return Failed(f'error: couldn\'t find any field with path "{relaxed(field)}" in the list of objects')


def _order(objects: list[Obj], field: str) -> list[int]:
    try:
        path = JSONPath(relaxed(field))
        found = [path.find(obj) for obj in objects]
    except JSONPathError as error:
        raise Failed(f"error: {error}") from None
    if objects and not any(found):
        raise no_such_field(field)
    keys = [_key(values[0]) if values else (-1, 0) for values in found]
    return sorted(range(len(objects)), key=lambda i: cmp_to_key(_compare)(keys[i]))


def _key(value: Any) -> Key:
    """Absent values first, then numbers and quantities, then texts in natural order."""
    if value is None:
        return -1, 0
    if isinstance(value, bool | int | float):
        return 0, float(value)
    quantity = _QUANTITY.fullmatch(str(value))
    if quantity:
        suffix = quantity[2] or ""
        scale = _BINARY.get(suffix) or _SUFFIX.get(suffix) or float(f"1{suffix}")
        return 0, float(quantity[1]) * scale
    return 1, [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", str(value))]


def _compare(a: Key, b: Key) -> int:
    return (a > b) - (a < b)
