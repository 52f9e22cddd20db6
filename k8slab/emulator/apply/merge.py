"""The structural merge of server-side apply: what is applied goes into what is there, as the schema says."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.apply.fieldset import ATOMIC_SHAPES, Path, child_type, key_step
from k8slab.emulator.schema import ANY, Type


def merge(node: Type, live: Any, applied: Any) -> Any:
    if node.atomic or node.shape in ATOMIC_SHAPES:
        return applied
    if isinstance(applied, dict) and isinstance(live, dict):
        merged = dict(live)
        for name, value in applied.items():
            merged[name] = merge(child_type(node, name), live.get(name), value)
        return merged
    if isinstance(applied, list) and isinstance(live, list) and node.list_type in ("map", "set"):
        return _merge_list(node, live, applied)
    return applied


def _merge_list(node: Type, live: list[Any], applied: list[Any]) -> list[Any]:
    """Elements keep their place; what is new comes after what it follows in the applied list."""
    wanted = {key_step(node, item): item for item in applied}
    known = {key_step(node, item): item for item in live}
    merged = {step: merge(node.element or ANY, known.get(step), item) for step, item in wanted.items()}
    result: list[Any] = []
    waiting = list(wanted)
    for step, item in known.items():
        if step in wanted:
            while waiting and waiting[0] not in known:
                result.append(merged[waiting.pop(0)])
            if step in waiting:
                waiting.remove(step)
            result.append(merged[step])
        else:
            result.append(item)
    return result + [merged[step] for step in waiting]


def remove(node: Type, obj: Any, path: Path) -> None:
    """Takes one path out of the object (in place), where it is there."""
    step, rest = path[0], path[1:]
    if step.startswith("f:"):
        name = step[2:]
        if not isinstance(obj, dict) or name not in obj:
            return
        if not rest:
            del obj[name]
            return
        child = child_type(node, name)
        remove(child, obj[name], rest)
        if obj[name] in ({}, []) and child.shape in ("map", "list", "struct"):
            del obj[name]
        return
    if not isinstance(obj, list):
        return
    for index, item in enumerate(obj):
        if key_step(node, item) == step:
            if rest:
                remove(node.element or ANY, item, rest)
            else:
                del obj[index]
            return
