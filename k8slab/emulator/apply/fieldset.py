"""Sets of field paths: which fields an object has, and their FieldsV1 form.

A path is a tuple of steps as FieldsV1 writes them: `f:name`, `k:{"name":"a"}`, `v:"x"`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from k8slab.emulator.schema import ANY, Type

Path = tuple[str, ...]
ATOMIC_SHAPES = ("string", "integer", "number", "boolean", "quantity", "intorstring", "time", "microtime", "bytes")


def fields_of(node: Type, value: Any, *, parents: bool = False) -> dict[Path, Any]:
    """Each owned path with its value; with `parents` also the maps themselves, as an update owns what it made."""
    found: dict[Path, Any] = {}
    _walk(node, value, (), found, parents)
    return found


def _walk(node: Type, value: Any, path: Path, found: dict[Path, Any], parents: bool) -> None:
    if node.atomic or node.shape in ATOMIC_SHAPES:
        found[path] = value
    elif isinstance(value, dict):
        if not value and path:
            found[path] = value
        elif parents and path and node.shape == "map":
            found[path] = None
        for name, child in value.items():
            _walk(child_type(node, name), child, (*path, f"f:{name}"), found, parents)
    elif isinstance(value, list) and node.list_type in ("map", "set") and node.shape == "list":
        if not value:
            found[path] = value
        for step, child in keyed(node, value):
            if node.list_type == "map":
                found[(*path, step)] = None
                _walk(node.element or ANY, child, (*path, step), found, parents)
            else:
                found[(*path, step)] = child
    else:
        found[path] = value


def child_type(node: Type, name: str) -> Type:
    if node.shape == "struct":
        return node.fields.get(name, ANY)
    return node.element or ANY if node.shape == "map" else ANY


KEY_DEFAULTS = {"protocol": "TCP"}


def key_step(node: Type, item: Any) -> str:
    """The step of one element of a list that is a map or a set."""
    if node.list_type == "set":
        return "v:" + orjson.dumps(item).decode()
    keys = {key: item.get(key, KEY_DEFAULTS.get(key)) for key in node.list_keys} if isinstance(item, dict) else {}
    known = {key: value for key, value in keys.items() if value is not None}
    return "k:" + orjson.dumps(known, option=orjson.OPT_SORT_KEYS).decode()


def keyed(node: Type, items: list[Any]) -> Iterator[tuple[str, Any]]:
    return ((key_step(node, item), item) for item in items)


def encode(paths: Iterable[Path]) -> dict[str, Any]:
    """FieldsV1. A path that is also the start of others is marked by "."."""
    root: dict[str, Any] = {}
    known = sorted(paths)
    for path in known:
        level = root
        for step in path:
            level = level.setdefault(step, {})
    for path in known:
        level = root
        for step in path:
            level = level[step]
        if level and "." not in level:
            level["."] = {}
    return root


def decode(fields: dict[str, Any]) -> set[Path]:
    found: set[Path] = set()
    _decode(fields, (), found)
    return found


def _decode(fields: dict[str, Any], path: Path, found: set[Path]) -> None:
    for step, below in fields.items():
        if step == ".":
            found.add(path)
        elif not below:
            found.add((*path, step))
        else:
            _decode(below, (*path, step), found)


def shown(path: Path) -> str:
    """As a conflict names it: .spec.containers[name="a"].image"""
    text = ""
    for step in path:
        if step.startswith("f:"):
            text += f".{step[2:]}"
        elif step.startswith("k:"):
            keys = orjson.loads(step[2:])
            text += "[" + ",".join(f"{key}={orjson.dumps(value).decode()}" for key, value in keys.items()) + "]"
        else:
            text += f"[={step[2:]}]"
    return text
