"""The functions of Go templates, as far as they are known here."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..godump import go_value


class Wrong(Exception):
    """What is wrong with a call; the line comes to it later."""


def truth(value: Any) -> bool:
    """Empty values are false."""
    return bool(value)


def _and(*values: Any) -> Any:
    return next((value for value in values if not truth(value)), values[-1])


def _or(*values: Any) -> Any:
    return next((value for value in values if truth(value)), values[-1])


def _len(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, dict | list):
        return len(value)
    raise Wrong("error calling len: len of nil pointer" if value is None else "error calling len: len of type number")


def _index(value: Any, *keys: Any) -> Any:
    for key in keys:
        if isinstance(value, dict):
            value = value.get(str(key))
        elif isinstance(value, list):
            if not isinstance(key, int):
                raise Wrong("error calling index: cannot index slice/array with type string")
            if not 0 <= key < len(value):
                raise Wrong(f"error calling index: index out of range: {key}")
            value = value[key]
        else:
            raise Wrong("error calling index: index of untyped nil")
    return value


def _slice(value: Any, start: int = 0, stop: int | None = None) -> Any:
    if not isinstance(value, str | list) or not 0 <= start <= len(value):
        raise Wrong("error calling slice: index out of range")
    return value[start:stop]


def _print(*values: Any) -> str:
    """fmt.Sprint: a blank between two that are both no strings."""
    text = ""
    for i, value in enumerate(values):
        if i and not isinstance(value, str) and not isinstance(values[i - 1], str):
            text += " "
        text += go_value(value)
    return text


_VERB = re.compile(r"%([-+# 0]*)(\d*)(?:\.(\d+))?([a-zA-Z%])")
WIDEST = 1000


def _printf(form: Any = "", *values: Any) -> str:
    rest = list(values)

    def one(found: re.Match[str]) -> str:
        flags, width, precision, letter = found.groups()
        if letter == "%":
            return "%"
        if not rest:
            return f"%!{letter}(MISSING)"
        text = _formatted(letter, rest.pop(0), precision, flags)
        space = min(int(width or 0), WIDEST)
        return text.ljust(space) if "-" in flags else text.rjust(space, "0" if "0" in flags else " ")

    text = _VERB.sub(one, str(form))
    extra = ", ".join(f"{_go_type(value)}={go_value(value)}" for value in rest)
    return f"{text}%!(EXTRA {extra})" if rest else text


def _go_type(value: Any) -> str:
    return {str: "string", bool: "bool", int: "int", float: "float64"}.get(type(value), "map[string]interface {}")


def _formatted(letter: str, value: Any, precision: str | None, flags: str) -> str:
    if letter == "q" and isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if letter in "xXobd" and isinstance(value, int) and not isinstance(value, bool):
        return f"{value:{'+' if '+' in flags else ''}{letter}}"
    if letter in "feg" and isinstance(value, float):
        return f"{value:.{min(int(precision or 6), WIDEST)}{letter}}"
    if letter == "s" and isinstance(value, int | float):
        return f"%!s({_go_type(value)}={go_value(value)})"
    if letter in "svT" or (letter == "t" and isinstance(value, bool)):
        text = go_value(value) if letter != "T" else _go_type(value)
        return text[: int(precision)] if precision and letter == "s" else text
    return f"%!{letter}({_go_type(value)}={go_value(value)})"


def _equal(first: Any, *others: Any) -> bool:
    if not others:
        raise Wrong("error calling eq: missing argument for comparison")
    return any(_same_kind(first, other) and first == other for other in others)


def _same_kind(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is b
    kinds = [bool if isinstance(v, bool) else float if isinstance(v, int | float) else type(v) for v in (a, b)]
    if kinds[0] is not kinds[1]:
        raise Wrong("error calling eq: incompatible types for comparison")
    return True


def _less(a: Any, b: Any) -> bool:
    numbers = isinstance(a, int | float) and isinstance(b, int | float)
    if not numbers and not (isinstance(a, str) and isinstance(b, str)):
        raise Wrong("error calling lt: incompatible types for comparison")
    return bool(a < b)


def _base64decode(value: Any) -> str:
    try:
        return base64.b64decode(str(value), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        raise Wrong("error calling base64decode: base64 decode failed: illegal base64 data") from None


def _exists(value: Any, *keys: Any) -> bool:
    for key in keys:
        if isinstance(value, dict) and str(key) in value:
            value = value[str(key)]
        elif isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
            value = value[key]
        else:
            return False
    return value is not None


CALLS: Mapping[str, Callable[..., Any]] = {
    "and": _and,
    "or": _or,
    "not": lambda value: not truth(value),
    "len": _len,
    "index": _index,
    "slice": _slice,
    "print": _print,
    "println": lambda *values: " ".join(go_value(value) for value in values) + "\n",
    "printf": _printf,
    "eq": _equal,
    "ne": lambda a, b: not _equal(a, b),
    "lt": _less,
    "le": lambda a, b: a == b or _less(a, b),
    "gt": lambda a, b: _less(b, a),
    "ge": lambda a, b: a == b or _less(b, a),
    "base64decode": _base64decode,
    "exists": _exists,
}
