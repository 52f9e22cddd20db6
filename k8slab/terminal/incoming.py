"""A page's message as one of ours, or None: nothing that a page says may break its session."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from .messages import PageToTerminal

LONGEST = 2 * 1024 * 1024  # characters


def _text(value: object) -> bool:
    return isinstance(value, str)


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _size(value: object) -> bool:
    return isinstance(value, int) and 1 <= value <= 1000


def _files(value: object) -> bool:
    return value is None or (
        isinstance(value, dict) and all(isinstance(text, str) or text is None for text in value.values())
    )


def _bool(value: object) -> bool:
    return isinstance(value, bool)


def _text_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


_SHAPES: Mapping[str, Mapping[str, Callable[[object], bool]]] = {
    "attach": {"session": _text, "seen": _number, "columns": _size, "rows": _size},
    "line": {"id": _number, "text": _text, "files": _files},
    "input": {"text": _text},
    "interrupt": {},
    "eof": {},
    "resize": {"columns": _size, "rows": _size},
    "complete": {"id": _number, "line": _text, "files": _files},
    "edited": {"id": _number, "text": _text_or_none},
    "colours": {"on": _bool},
    "clear": {},
}


def read(text: str) -> PageToTerminal | None:
    if len(text) > LONGEST:
        return None
    try:
        message: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return None
    shape = _SHAPES.get(message["type"])
    if shape is None or not all(fits(message.get(field)) for field, fits in shape.items()):
        return None
    return cast(PageToTerminal, message)
