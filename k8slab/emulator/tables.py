"""Table answers: the columns that kubectl prints, from kinds/columns.yaml, the cells from the object."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson

import k8slab.emulator.printers as package
from k8slab.emulator.custom.jsonpath import find
from k8slab.emulator.data import read_data
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import KINDS, Resource
from k8slab.emulator.schema import Schema

Cells = Callable[[Obj, float], list[Any]]
META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
PLAIN = (["Name", "@name"], ["Created At", "@age", "date"])
_cells: dict[str, Cells] = {}
_columns: dict[str, list[list[Any]]] = {}


def cells_for(*keys: str) -> Callable[[Cells], Cells]:
    """Registers what fills the rows of these resources."""

    def register(cells: Cells) -> Cells:
        for key in keys:
            _cells[key] = cells
        return cells

    return register


def load_printers() -> None:
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def columns_of(key: str, schema: Schema) -> list[dict[str, Any]]:
    if not _columns:
        _columns.update(read_data(KINDS / "columns.yaml"))
        load_printers()
    described = _columns.get(key) if key in _cells else None
    return [_column(schema, *one) for one in described or PLAIN]


def _column(schema: Schema, name: str, text: str, kind: str = "string", priority: int = 0) -> dict[str, Any]:
    form = "name" if name == "Name" and text == "@name" and not priority else ""
    if text.startswith("@"):
        place = {"@name": f"{META}.name", "@age": f"{META}.creationTimestamp"}.get(text, f"io.k8s.{text[1:]}")
        definition, _, field = place.rpartition(".")
        text = schema.definitions[definition]["properties"][field].get("description", "")
    return {"name": name, "type": kind, "format": form, "description": text, "priority": priority}


def table_of(
    kind: Resource, objects: Sequence[Obj], now: float, version: str, schema: Schema, include: str = ""
) -> Obj:
    """`include` is the query's includeObject: None, Metadata (the default) or Object."""
    columns = _custom_columns(kind, schema) if kind.custom else columns_of(kind.key, schema)
    cells = _custom_cells(kind) if kind.custom else _cells.get(kind.key, _plain_cells)
    rows = []
    for obj in objects:
        metadata = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": obj["metadata"]}
        shown = {"None": None, "Object": obj}.get(include, metadata)
        rows.append({"cells": cells(obj, now), "object": shown, **_conditions(kind, obj)})
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": version} if version else {},
        "columnDefinitions": columns,
        "rows": rows,
    }


def _conditions(kind: Resource, obj: Obj) -> Obj:
    """A finished pod's row says so; clients may grey it out."""
    phase = (obj.get("status") or {}).get("phase") if kind.key == "pods" else None
    text = {"Succeeded": "The pod has completed successfully.", "Failed": "The pod failed."}.get(str(phase))
    return {"conditions": [{"type": "Completed", "status": "True", "reason": phase, "message": text}]} if text else {}


def _custom_columns(kind: Resource, schema: Schema) -> list[dict[str, Any]]:
    described = [_column(schema, "Name", "@name")]
    for one in kind.columns:
        described.append({**_column(schema, one.name, one.about, one.kind, one.priority), "format": one.form})
    return described


def _custom_cells(kind: Resource) -> Cells:
    def cells(obj: Obj, now: float) -> list[Any]:
        return [obj["metadata"]["name"], *(_custom_cell(one.kind, find(obj, one.path), now) for one in kind.columns)]

    return cells


def _custom_cell(kind: str, found: list[Any], now: float) -> Any:
    """The first of what the path leads to, as far as it is of the column's type."""
    value = found[0] if found else None
    if value is None:
        return None
    if kind == "date":
        try:
            return age(str(value), now)
        except ValueError:
            return "<invalid>"
    if kind == "string":
        return value if isinstance(value, str) else orjson.dumps(value).decode()
    if kind in ("integer", "number") and isinstance(value, int | float) and not isinstance(value, bool):
        return int(value) if kind == "integer" else value
    return value if kind == "boolean" and isinstance(value, bool) else None


def _plain_cells(obj: Obj, now: float) -> list[Any]:
    return [obj["metadata"]["name"], obj["metadata"]["creationTimestamp"]]


def age(when: str | None, now: float) -> str:
    """How long ago, as kubectl's AGE column says it."""
    if not when:
        return "<unknown>"
    return human_duration(int(now - datetime.fromisoformat(when.replace("Z", "+00:00")).timestamp()))


def human_duration(seconds: int) -> str:
    """apimachinery's HumanDuration: coarser the longer it is."""
    if seconds < -1:
        return "<invalid>"
    seconds = max(0, seconds)
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 120:
        return f"{seconds}s"
    if minutes < 10:
        return _two(minutes, "m", seconds % 60, "s")
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return _two(hours, "h", minutes % 60, "m")
    if hours < 48:
        return f"{hours}h"
    if hours < 192:
        return _two(days, "d", hours % 24, "h")
    if days < 365 * 2:
        return f"{days}d"
    return _two(days // 365, "y", days % 365, "d") if days < 365 * 8 else f"{days // 365}y"


def _two(big: int, big_unit: str, small: int, small_unit: str) -> str:
    return f"{big}{big_unit}{small}{small_unit}" if small else f"{big}{big_unit}"
