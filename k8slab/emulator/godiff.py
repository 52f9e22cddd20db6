"""The unified difference that the server adds when an immutable struct was changed: Go field names, one space deep."""

from __future__ import annotations

import difflib
from typing import Any

import orjson

from k8slab.emulator.data import read_data
from k8slab.emulator.fielderrors import Raw
from k8slab.emulator.resources import KINDS

_orders: dict[str, dict[str, list[str]]] = {}


def spec_diff(struct: str, old: Any, new: Any) -> str:
    before, after = (_as_go(struct, value).split("\n") for value in (old, new))
    lines = list(difflib.unified_diff(before, after, n=3, lineterm=""))[2:]
    return "\n".join(lines) + "\n"


def as_go_json(struct: str, value: Any) -> Raw:
    """A struct of the server's own as its messages show it: all fields, in their order, in one line."""
    return Raw(_escaped(orjson.dumps(_shape(struct, value)).decode()))


def _escaped(text: str) -> str:
    """Go's JSON is safe inside HTML."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _order(struct: str) -> dict[str, Any]:
    """Go field names in their order, with the struct that a field holds."""
    if not _orders:
        _orders.update(read_data(KINDS / "gostructs.yaml"))
    return _orders.get(struct, {})


def _as_go(struct: str, value: Any) -> str:
    return _escaped(orjson_indent(_shape(struct, value)))


def _shape(struct: str, value: Any) -> Any:
    order = _order(struct)
    if isinstance(value, list):
        return [_shape(struct, one) for one in value]
    if not isinstance(value, dict) or not order:
        return dict(sorted(value.items())) if isinstance(value, dict) else value
    if "=" in order:
        return {name: _shape(_first(struct), value[name]) for name, *struct in order["="] if name in value}
    return {go: _field(spec, value) for go, spec in order.items()}


def _field(spec: Any, value: dict[str, Any]) -> Any:
    """`spec` is [json name, zero value, struct]."""
    name, zero, *struct = spec
    return _shape(_first(struct), value.get(name, zero))


def _first(struct: list[str]) -> str:
    return struct[0] if struct else ""


def orjson_indent(value: Any) -> str:
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    lines = []
    for line in text.split("\n"):
        body = line.lstrip(" ")
        lines.append(" " * ((len(line) - len(body)) // 2) + body)
    return "\n".join(lines)
