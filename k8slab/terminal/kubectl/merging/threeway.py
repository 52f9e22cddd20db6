"""`kubectl apply`: what was applied last, what is to be, and what is there → one patch."""

from __future__ import annotations

from typing import Any

from .difference import DELETE_SCALARS, ORDER, PATCH, What, difference
from .schema import Merging

Map = dict[str, Any]


def three_way(original: Map, modified: Map, current: Map, merging: Merging) -> Map:
    """A strategic merge patch: changes against what is there, deletions of what was applied and is no more."""
    changes = difference(current, modified, merging, What(deletions=False))
    deletions = difference(original, modified, merging, What(changes=False))
    return _joined(deletions, changes, merging)


def _joined(first: Map, second: Map, merging: Merging) -> Map:
    """Two patches as one; where both say something the second counts."""
    joined = dict(first)
    for key, value in second.items():
        below = merging.below(key)
        before = joined.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            joined[key] = _joined(before, value, below)
        elif isinstance(before, list) and isinstance(value, list) and below.key and not key.startswith("$"):
            order = [entry.get(below.key) for entry in second.get(ORDER + key) or first.get(ORDER + key) or ()]
            joined[key] = _joined_lists(before, value, below, order)
        else:
            joined[key] = value
    return _ordered(joined)


def _joined_lists(first: list[Map], second: list[Map], below: Merging, order: list[Any]) -> list[Map]:
    """In the order that the list is to have; what is deleted comes last."""
    later = {entry[below.key]: entry for entry in second}
    earlier = {entry[below.key]: entry for entry in first}
    both = [_joined(earlier.get(name, {}), entry, below) for name, entry in later.items()]
    entries = both + [entry for name, entry in earlier.items() if name not in later]
    places = {name: i for i, name in enumerate(order)}
    return sorted(entries, key=lambda entry: (PATCH in entry, places.get(entry[below.key], len(places))))


def _ordered(patch: Map) -> Map:
    """Without orders of lists that nothing is done to, where only deletions had set one."""
    return {k: v for k, v in patch.items() if not (k.startswith((ORDER, DELETE_SCALARS)) and v in (None, []))}


def three_way_merge_patch(original: Map, modified: Map, current: Map) -> Map:
    """The same as a JSON merge patch, for kinds without strategies."""
    return _json_joined(_only_deletions(original, modified), _without_deletions(current, modified))


def json_difference(old: Map, new: Map) -> Map:
    """The JSON merge patch that makes `new` of `old`."""
    return _json_joined(_only_deletions(old, new), _without_deletions(old, new))


def _without_deletions(old: Map, new: Map) -> Map:
    patch: Map = {}
    for key, value in new.items():
        if isinstance(value, dict) and isinstance(old.get(key), dict):
            inner = _without_deletions(old[key], value)
            if inner:
                patch[key] = inner
        elif value is not None and (key not in old or old[key] != value):
            patch[key] = value
    return patch


def _only_deletions(old: Map, new: Map) -> Map:
    patch: Map = {}
    for key, value in old.items():
        if key not in new:
            patch[key] = None
        elif isinstance(value, dict) and isinstance(new[key], dict):
            inner = _only_deletions(value, new[key])
            if inner:
                patch[key] = inner
    return patch


def _json_joined(first: Map, second: Map) -> Map:
    joined = dict(first)
    for key, value in second.items():
        before = joined.get(key)
        joined[key] = _json_joined(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return joined
