"""The fields of custom objects by which lists may be narrowed."""

from __future__ import annotations

import re
from typing import Any

from k8slab.emulator.custom.marks import Node
from k8slab.emulator.fielderrors import FieldErrors

MOST = 8
PLAIN = re.compile(r"(\.[A-Za-z_][\w-]*)+")
TYPES = ("string", "boolean", "integer")
WRONG_TYPE = (
    "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed."
)


def check_selectable(fields: list[Any], schema: Node, place: str, errors: FieldErrors) -> None:
    seen: set[str] = set()
    for index, field in enumerate(fields):
        path, where = field.get("jsonPath") or "", f"{place}[{index}].jsonPath"
        if not path:
            errors.required(where)
            continue
        found = _schema_at(schema, path)
        if found is None:
            errors.invalid(where, path, "is an invalid path: does not refer to a valid field")
            continue
        if path.split(".")[1] == "metadata":
            errors.invalid(where, path, "must not point to fields in metadata")
        if found.get("type") not in TYPES:
            errors.invalid(where, path, WRONG_TYPE)
        if path in seen:
            errors.duplicate(where, path)
        seen.add(path)
    if len(seen) > MOST:
        errors.too_many(place, len(seen), MOST)


def selectable(version: Node) -> tuple[str, ...]:
    """As selectors name them: `spec.color`."""
    return tuple(field["jsonPath"].removeprefix(".") for field in version.get("selectableFields") or [])


def _schema_at(schema: Node, path: str) -> Node | None:
    if not PLAIN.fullmatch(path):
        return None
    for name in path.split(".")[1:]:
        below = (schema.get("properties") or {}).get(name)
        if below is None and name == "metadata":
            below = {"type": "object", "properties": {}}
        if not isinstance(below, dict):
            return None
        schema = below
    return schema
