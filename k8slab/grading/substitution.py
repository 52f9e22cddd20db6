"""`${name}`: a student's own values put into a check. Names that the exercise does not have stay as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from .spec import Check

PLACE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_-]*)\}")
Values = Mapping[str, str]
T = TypeVar("T")


def substitute(text: str, values: Values) -> str:
    return PLACE.sub(lambda found: str(values.get(found[1], found[0])), text)


def names_in(anything: Any) -> frozenset[str]:
    """Every name that is asked for, e.g. to see whether the exercise has it."""
    names: set[str] = set()

    def collect(text: str) -> str:
        names.update(PLACE.findall(text))
        return text

    _each_text(anything, collect)
    return frozenset(names)


def bind(check: Check, values: Values) -> Check:
    """The check as it is for one student; its id stays."""
    if not values:
        return check
    bound: Check = _each_text(check, lambda text: substitute(text, values))
    cel = _quoted(check.cel, values)
    hints = tuple(replace(b, cel=_quoted(h.cel, values)) for h, b in zip(check.hints, bound.hints, strict=True))
    return replace(bound, id=check.id, needs=check.needs, cel=cel, hints=hints)


def _quoted(expression: str | None, values: Values) -> str | None:
    """Inside an expression a place stands within quotes: a value must not end them."""
    if expression is None:
        return None
    escaped = {k: re.sub(r"([\\'\"])", r"\\\1", str(v)).replace("\n", "\\n") for k, v in values.items()}
    return substitute(expression, escaped)


def _each_text(anything: T, change: Callable[[str], str]) -> T:
    found: Any = anything
    if isinstance(found, str):
        found = change(found)
    elif isinstance(found, Mapping):
        found = {change(key): _each_text(value, change) for key, value in found.items()}
    elif isinstance(found, list | tuple):
        found = type(found)(_each_text(value, change) for value in found)
    elif is_dataclass(found) and not isinstance(found, type):
        found = replace(found, **{f.name: _each_text(getattr(found, f.name), change) for f in fields(found)})
    return found  # type: ignore[no-any-return]  # built as the type that came in
