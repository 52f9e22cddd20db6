"""Strategic merge patches on objects that are here: what `--dry-run=client` shows."""

from __future__ import annotations

from typing import Any

from ..invocation import Failed
from ..merging.difference import DELETE_SCALARS, ORDER, PATCH, RETAIN
from ..merging.schema import Merging

Map = dict[str, Any]


def apply_strategic_patch(obj: Map, patch: Any, merging: Merging) -> Map:
    """Raises Failed where the patch fits no such object."""
    if not isinstance(patch, dict):
        raise Failed("error: unable to parse the patch: a strategic merge patch is an object")
    directive = patch.get(PATCH)
    if directive in ("delete", "replace"):
        return {} if directive == "delete" else {k: v for k, v in patch.items() if k != PATCH}
    merged = dict(obj)
    if isinstance(patch.get(RETAIN), list):
        merged = {key: value for key, value in merged.items() if key in patch[RETAIN]}
    for key, change in patch.items():
        if key.startswith(DELETE_SCALARS):
            name = key.removeprefix(DELETE_SCALARS)
            merged[name] = [value for value in merged.get(name) or () if value not in change]
        elif not key.startswith("$"):
            _merge_field(merged, key, change, merging.below(key))
    for key, order in patch.items():
        if key.startswith(ORDER):
            name = key.removeprefix(ORDER)
            merged[name] = _in_order(merged.get(name) or [], order, merging.below(name).key)
    return merged


def _merge_field(merged: Map, key: str, change: Any, below: Merging) -> None:
    before = merged.get(key)
    if change is None:
        merged.pop(key, None)
    elif isinstance(change, dict) and isinstance(before, dict) and not below.replaces:
        merged[key] = apply_strategic_patch(before, change, below)
    elif isinstance(change, list) and isinstance(before, list) and below.merges:
        merged[key] = _merge_list(before, change, below)
    else:
        merged[key] = _bare(change)


def _merge_list(before: list[Any], change: list[Any], below: Merging) -> list[Any]:
    if not below.key:
        return [*before, *(value for value in change if value not in before)]
    if any(entry.get(PATCH) == "replace" for entry in change):
        return [entry for entry in change if PATCH not in entry]
    result = {entry.get(below.key): entry for entry in before}
    added: Map = {}
    for entry in change:
        if below.key not in entry:
            raise Failed(f"error: map: {entry} does not contain declared merge key: {below.key}")
        name = entry[below.key]
        if entry.get(PATCH) == "delete":
            result.pop(name, None)
        elif name in result:
            result[name] = apply_strategic_patch(result[name], entry, below)
        else:
            added[name] = _bare(entry)
    return [*added.values(), *result.values()]


def _in_order(values: list[Any], order: list[Any], key: str) -> list[Any]:
    """As the patch says; what it does not name stays behind."""
    places = {(entry[key] if key else entry): i for i, entry in enumerate(order)}
    return sorted(values, key=lambda value: places.get(value.get(key) if key else value, len(places)))


def _bare(value: Any) -> Any:
    """Without directives."""
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items() if not key.startswith("$")}
    return value
