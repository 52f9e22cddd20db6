"""Table answers: the columns that kubectl prints, from kinds/columns.yaml, the cells from the object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import yaml

from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import KINDS, Resource

Cells = Callable[[Obj, float], list[Any]]
NAME_TEXT = (
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a "
    "client to request the generation of an appropriate name automatically. Name is primarily intended for creation "
    "idempotence and configuration definition. Cannot be updated. More info: "
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names"
)
CREATED_TEXT = (
    "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed "
    "to be set in happens-before order across separate operations. Clients may not set this value. It is represented in "
    "RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"
)
NAME = {"name": "Name", "type": "string", "format": "name", "description": NAME_TEXT, "priority": 0}
PLAIN = (
    NAME,
    {"name": "Created At", "type": "date", "format": "", "description": CREATED_TEXT, "priority": 0},
)
_cells: dict[str, Cells] = {}


def cells_for(key: str) -> Callable[[Cells], Cells]:
    """Registers what fills the rows of a resource."""

    def register(cells: Cells) -> Cells:
        _cells[key] = cells
        return cells

    return register


@lru_cache(maxsize=1)
def _all_columns() -> dict[str, Any]:
    path = KINDS / "columns.yaml"
    loaded: dict[str, Any] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader) if path.exists() else {}
    return loaded


@lru_cache(maxsize=256)
def columns_of(key: str) -> Sequence[dict[str, Any]]:
    described = _all_columns().get(key)
    if described is None or key not in _cells:
        return PLAIN
    columns = []
    for name, kind, form, priority, text in described:
        columns.append({"name": name, "type": kind, "format": form, "description": text, "priority": priority})
    return columns


def table_of(kind: Resource, objects: Sequence[Obj], now: float, version: str) -> Obj:
    cells = _cells.get(kind.key, _plain_cells) if kind.key in _all_columns() else _plain_cells
    rows = []
    for obj in objects:
        metadata = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": obj["metadata"]}
        rows.append({"cells": cells(obj, now), "object": metadata})
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": version} if version else {},
        "columnDefinitions": columns_of(kind.key),
        "rows": rows,
    }


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
