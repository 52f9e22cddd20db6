"""JSON patches (RFC 6902) on objects that are here."""

from __future__ import annotations

import copy
from typing import Any

from ..invocation import Failed


def apply_json_patch(value: Any, operations: Any) -> Any:
    """Raises Failed where an operation cannot be done."""
    value = copy.deepcopy(value)
    if not isinstance(operations, list):
        raise Failed("error: unable to parse the patch: a JSON patch is a list of operations")
    for operation in operations:
        if not isinstance(operation, dict):
            raise Failed("error: unable to parse the patch: an operation is an object")
        value = _apply(value, operation)
    return value


def _apply(value: Any, operation: dict[str, Any]) -> Any:
    what, path = operation.get("op"), str(operation.get("path", ""))
    if what in ("add", "replace", "test") and "value" not in operation:
        raise Failed(f"error: {what} operation does not have a value")
    if what == "add":
        return _put(value, path, operation["value"], new=True)
    if what == "replace":
        return _put(value, path, operation["value"], new=False)
    if what == "remove":
        return _remove(value, path)
    if what == "test":
        if _get(value, path) != operation["value"]:
            raise Failed(f"error: testing value {path} failed: test failed")
        return value
    if what in ("move", "copy"):
        source = str(operation.get("from", ""))
        taken = copy.deepcopy(_get(value, source))
        return _put(_remove(value, source) if what == "move" else value, path, taken, new=True)
    raise Failed(f"error: Unexpected kind: {what}")


def _steps(path: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


def _missing(path: str) -> Failed:
    return Failed(f"error: doc is missing path: {path}: missing value")


def _get(value: Any, path: str) -> Any:
    for step in _steps(path):
        value = _child(value, step, path)
    return value


def _child(value: Any, step: str, path: str) -> Any:
    if isinstance(value, dict) and step in value:
        return value[step]
    if isinstance(value, list) and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    raise _missing(path)


def _put(value: Any, path: str, new_value: Any, *, new: bool) -> Any:
    steps = _steps(path)
    if not steps:
        return new_value
    parent = value
    for step in steps[:-1]:
        parent = _child(parent, step, path)
    last = steps[-1]
    if isinstance(parent, dict) and (new or last in parent):
        parent[last] = new_value
    elif isinstance(parent, list) and new and (last == "-" or (last.isdigit() and int(last) <= len(parent))):
        parent.insert(len(parent) if last == "-" else int(last), new_value)
    elif isinstance(parent, list) and last.isdigit() and int(last) < len(parent):
        parent[int(last)] = new_value
    else:
        raise _missing(path)
    return value


def _remove(value: Any, path: str) -> Any:
    steps = _steps(path)
    if not steps:
        raise _missing(path)
    parent = value
    for step in steps[:-1]:
        parent = _child(parent, step, path)
    _child(parent, steps[-1], path)
    del parent[int(steps[-1]) if isinstance(parent, list) else steps[-1]]
    return value
