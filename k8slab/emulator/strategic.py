"""Strategic merge patch: a merge patch that knows, from the schema, which lists merge and by which key."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.schema import ANY, Type
from k8slab.emulator.status import ApiError

DIRECTIVE, RETAIN = "$patch", "$retainKeys"
ORDER, DELETE_PRIMITIVES = "$setElementOrder/", "$deleteFromPrimitiveList/"


def strategic_merge(node: Type, target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    directive = patch.get(DIRECTIVE)
    if directive == "replace":
        return {key: value for key, value in patch.items() if key != DIRECTIVE}
    if directive == "delete":
        return {}
    merged = dict(target) if isinstance(target, dict) else {}
    if RETAIN in patch and isinstance(target, dict):
        merged = {key: value for key, value in merged.items() if key in patch[RETAIN]}
        patch = {key: value for key, value in patch.items() if key != RETAIN}
    merged = _without_deleted(merged, patch)
    for key, value in patch.items():
        if key.startswith((ORDER, DELETE_PRIMITIVES)) or key == DIRECTIVE:
            continue
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merge_field(_child(node, key), merged, key, value, patch)
    _apply_list_directives(node, merged, patch)
    return merged


def _without_deleted(merged: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Deletions from lists of plain values come first: the same patch may add others."""
    for key, value in patch.items():
        name = key.removeprefix(DELETE_PRIMITIVES)
        if name != key and isinstance(merged.get(name), list):
            merged[name] = [one for one in merged[name] if one not in value]
    return merged


def _child(node: Type, key: str) -> Type:
    if node.shape == "struct":
        return node.fields.get(key, ANY)
    return node.element or ANY if node.shape == "map" else ANY


def _merge_field(node: Type, merged: dict[str, Any], key: str, value: Any, patch: dict[str, Any]) -> Any:
    current = merged.get(key)
    if isinstance(value, dict):
        if node.shape not in ("struct", "map", "any") or (
            value.get(DIRECTIVE) != "replace" and "replace" in node.strategy
        ):
            return value
        return strategic_merge(node, current, value)
    if isinstance(value, list) and node.shape == "list" and "merge" in node.strategy:
        if node.merge_key is None:
            kept = current if isinstance(current, list) else []
            return _ordered_primitives([*(one for one in value if one not in kept), *kept], patch.get(ORDER + key))
        return _merge_list(node, current or [], value, patch.get(ORDER + key))
    return value


def _ordered_primitives(values: list[Any], order: list[Any] | None) -> list[Any]:
    if not order:
        return values
    return sorted(values, key=lambda one: order.index(one) if one in order else len(order))


def _merge_list(node: Type, current: list[Any], patch: list[Any], order: list[Any] | None) -> list[Any]:
    key, element = node.merge_key or "", node.element or ANY
    if any(isinstance(one, dict) and one.get(DIRECTIVE) == "replace" for one in patch):
        return [one for one in patch if not (isinstance(one, dict) and DIRECTIVE in one)]
    result, added = list(current), []
    for one in patch:
        name = _key_of(one, key)
        places = [index for index, old in enumerate(result) if isinstance(old, dict) and old.get(key) == name]
        if one.get(DIRECTIVE) == "delete":
            result = [old for index, old in enumerate(result) if index not in places]
        elif places:
            result[places[0]] = strategic_merge(element, result[places[0]], one)
        else:
            added.append({k: v for k, v in one.items() if k != DIRECTIVE})
    names = [one.get(key) for one in order or [] if isinstance(one, dict)]
    return _place(result, added, names or [one.get(key) for one in patch], key)


def _key_of(one: Any, key: str) -> Any:
    if not isinstance(one, dict) or key not in one:
        shown = " ".join(f"{name}:{value}" for name, value in sorted(one.items())) if isinstance(one, dict) else one
        text = f"map: map[{shown}] does not contain declared merge key: {key}"
        raise ApiError(500, "", text)
    return one[key]


def _place(kept: list[Any], added: list[Any], order: list[Any], key: str) -> list[Any]:
    """Elements that the order names stand in that order; the others keep their place among their neighbours."""
    rank = {name: index for index, name in enumerate(order)}
    named = sorted((one for one in [*kept, *added] if one.get(key) in rank), key=lambda one: rank[one[key]])
    others = [one for one in kept if one.get(key) not in rank]
    old_place = {one.get(key): index for index, one in enumerate(kept)}
    result: list[Any] = []
    while named or others:
        if not others:
            result.append(named.pop(0))
        elif not named:
            result.append(others.pop(0))
        else:
            before = old_place.get(named[0].get(key), -1) < old_place[others[0].get(key)]
            result.append(named.pop(0) if before else others.pop(0))
    return result


def _apply_list_directives(node: Type, merged: dict[str, Any], patch: dict[str, Any]) -> None:
    for key, value in patch.items():
        if key.startswith(ORDER):
            name = key.removeprefix(ORDER)
            child = _child(node, name)
            if name in patch or not isinstance(merged.get(name), list):
                continue
            if child.merge_key:
                names = [one.get(child.merge_key) for one in value]
                merged[name] = _place(merged[name], [], names, child.merge_key)
            else:
                merged[name] = _ordered_primitives(merged[name], value)
