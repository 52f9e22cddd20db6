"""Strategic merge patches from two states of an object (k8s.io/apimachinery's strategicpatch)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..invocation import Failed
from .schema import Merging

Map = dict[str, Any]
ORDER, DELETE_SCALARS, RETAIN, PATCH = "$setElementOrder/", "$deleteFromPrimitiveList/", "$retainKeys", "$patch"


@dataclass(frozen=True, slots=True)
class What:
    """Which differences count."""

    deletions: bool = True
    changes: bool = True
    retain: bool = False  # the map at hand says which of its keys stay


def difference(old: Map, new: Map, merging: Merging, what: What = What()) -> Map:  # What is frozen
    """The patch that makes `new` of `old`."""
    patch: Map = {}
    for key, value in new.items():
        if key not in old or type(old[key]) is not type(value):
            if what.changes:
                patch[key] = value
            continue
        below = merging.below(key)
        if isinstance(value, dict) and not below.replaces:
            inner = difference(old[key], value, below, replace(what, retain=below.retains))
            if inner:
                patch[key] = inner
        elif isinstance(value, list) and below.merges:
            _merged_list(patch, key, old[key], value, below, what)
        elif what.changes and old[key] != value:
            patch[key] = value
    if what.deletions:
        patch |= {key: None for key in old if key not in new}
    if what.retain and new and (patch or any(key not in old for key in new)):
        patch[RETAIN] = sorted(new)
    return patch


def _merged_list(patch: Map, key: str, old: list[Any], new: list[Any], below: Merging, what: What) -> None:
    if not old:
        if new and what.changes:
            patch[key] = new
        return
    if not isinstance(old[0], dict) or (new and not isinstance(new[0], dict)):
        _scalars(patch, key, old, new, what)
        return
    entries, gone = _entries(old, new, below, what)
    if entries or gone:
        patch[key] = entries + gone
    names = [entry[below.key] for entry in new]
    kept = {entry[below.key] for entry in old}
    common = [name for name in names if name in kept]
    before = [entry[below.key] for entry in old if entry[below.key] in set(names)]
    if what.changes and names and (entries or gone or common != before):
        patch[ORDER + key] = [{below.key: name} for name in names]


def _entries(old: list[Map], new: list[Map], below: Merging, what: What) -> tuple[list[Map], list[Map]]:
    """The entries that are new or changed in the order of `new`, and the directives that delete."""
    before = _by_key(old, below.key)
    after = _by_key(new, below.key)
    entries: list[Map] = []
    for name, entry in after.items():
        if name not in before:
            if what.changes:
                entries.append(entry)
            continue
        inner = difference(before[name], entry, below, replace(what, retain=below.retains))
        if inner:
            entries.append({**inner, below.key: name})
    gone = [{PATCH: "delete", below.key: name} for name in before if name not in after] if what.deletions else []
    return entries, gone


def _by_key(entries: Sequence[Map], key: str) -> dict[Any, Map]:
    found: dict[Any, Map] = {}
    for entry in entries:
        name = entry.get(key) if isinstance(entry, dict) else None
        if name is None or isinstance(name, dict | list):
            raise Failed(f"error: map: {entry} does not contain declared merge key: {key}")
        found[name] = entry
    return found


def _scalars(patch: Map, key: str, old: list[Any], new: list[Any], what: What) -> None:
    added = [value for value in new if value not in old] if what.changes else []
    gone = [value for value in old if value not in new] if what.deletions else []
    if added:
        patch[key] = added
    if gone:
        patch[DELETE_SCALARS + key] = gone
    common = [value for value in new if value in old]
    if what.changes and new and (added or gone or common != [value for value in old if value in new]):
        patch[ORDER + key] = new
