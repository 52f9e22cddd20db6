"""The JSONPath of printer columns and of the scale subresource: fields, indices, `*` and `?(@.a=="b")` filters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

STEP = re.compile(
    r"""\.(?P<field>(?:\\.|[^.\[\]\\])+)|\['(?P<quoted>[^']*)'\]|\[(?P<index>-?\d+|\*)\]"""
    r"""|\[\?\(@\.(?P<key>[\w.\-/]+)\s*==\s*(?P<value>"[^"]*"|'[^']*'|true|false|-?\d+)\)\]"""
)
Step = tuple[str, str, str]


@lru_cache(maxsize=512)
def _steps(path: str) -> tuple[Step, ...] | None:
    """None where the path is not one that is understood."""
    text, place, found = path.strip().strip("{}").removeprefix("$"), 0, []
    while place < len(text):
        match = STEP.match(text, place)
        if match is None:
            return None
        if match["key"] is not None:
            found.append(("filter", match["key"], match["value"].strip("\"'")))
        elif match["index"] is not None:
            found.append(("index", match["index"], ""))
        else:
            name = match["quoted"] if match["field"] is None else re.sub(r"\\(.)", r"\1", match["field"])
            found.append(("index", "*", "") if name == "*" else ("field", name, ""))
        place = match.end()
    return tuple(found)


def is_path(path: str) -> bool:
    return path.startswith(".") and _steps(path) is not None


def find(obj: Any, path: str) -> list[Any]:
    """Everything that the path leads to."""
    found = [obj]
    for step in _steps(path) or ():
        found = [child for one in found for child in _follow(one, *step)]
    return found


def write_at(obj: dict[str, Any], path: str, value: Any) -> None:
    """Sets what a path of plain fields leads to; what is missing on the way is made."""
    *way, last = [name for how, name, _ in _steps(path) or () if how == "field"]
    for name in way:
        below = obj.get(name)
        if not isinstance(below, dict):
            below = obj[name] = {}
        obj = below
    obj[last] = value


def _follow(value: Any, how: str, name: str, wanted: str) -> list[Any]:
    if how == "field":
        return [value[name]] if isinstance(value, dict) and name in value else []
    children = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if how == "filter":
        return [child for child in children if [_text(one) for one in find(child, f".{name}")] == [wanted]]
    if name == "*":
        return list(children)
    number = int(name)
    return [children[number]] if isinstance(value, list) and -len(children) <= number < len(children) else []


def _text(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
