"""The unified difference that the server adds when an immutable struct was changed: Go field names, one space deep."""

from __future__ import annotations

import difflib
from typing import Any

import orjson
import yaml

from k8slab.emulator.resources import KINDS

_orders: dict[str, dict[str, list[str]]] = {}


def spec_diff(struct: str, old: Any, new: Any) -> str:
    before, after = (_as_go(struct, value).split("\n") for value in (old, new))
    lines = list(difflib.unified_diff(before, after, n=3, lineterm=""))[2:]
    return "\n".join(lines) + "\n"


def _order(struct: str) -> dict[str, Any]:
    """Go field names in their order, with the struct that a field holds."""
    if not _orders:
        _orders.update(yaml.load((KINDS / "gostructs.yaml").read_bytes(), Loader=yaml.CSafeLoader))
    return _orders.get(struct, {})


def _as_go(struct: str, value: Any) -> str:
    shown = _shape(struct, value)
    return orjson_indent(shown)


def _shape(struct: str, value: Any) -> Any:
    order = _order(struct)
    if not isinstance(value, dict) or not order:
        return value
    return {go: _field(spec, value) for go, spec in order.items()}


def _field(spec: Any, value: dict[str, Any]) -> Any:
    """`spec` is [json name, zero value, struct]."""
    name, zero, *struct = spec
    found = value.get(name, zero)
    return _shape(struct[0], found) if struct and isinstance(found, dict) else found


def orjson_indent(value: Any) -> str:
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    lines = []
    for line in text.split("\n"):
        body = line.lstrip(" ")
        lines.append(" " * ((len(line) - len(body)) // 2) + body)
    return "\n".join(lines)
