"""Kinds without a describer of their own, custom resources among them: their fields, as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...output.godump import go_value
from ..about import About
from ..events import write_events
from ..metadata import write_head
from ..registry import describes
from ..text import Text

ACRONYMS = ("API", "URL", "UID", "OSB", "GUID")
SHOWN = frozenset(f".metadata.{name}" for name in ("managedFields", "name", "namespace", "labels", "annotations"))
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|-+")
DEEPEST = 100


@describes("*", "*")
def describe(about: About, to: Text) -> None:
    write_head(about, to)
    _content(to, 0, about.obj, "")
    write_events(about, to)


def _content(to: Text, level: int, content: Mapping[str, Any], path: str) -> None:
    if level > DEEPEST:
        return
    for field in sorted(content):
        value, here = content[field], f"{path}.{field}"
        if here in SHOWN:
            continue
        if not isinstance(value, dict | list):
            to.field(label_of(field), go_value(value), level)
            continue
        to.write(level, f"{label_of(field)}:\n")
        for each in [value] if isinstance(value, dict) else value:
            if isinstance(each, dict):
                _content(to, level + 1, each, here)
            else:
                to.write(level + 1, f"{go_value(each)}\n")


def label_of(field: str) -> str:
    """`podTemplate` → `Pod Template`; names with other letters than A to Z stay."""
    if not all(letter.isalpha() or letter == "-" for letter in field) or not field.isascii():
        return field
    words = (word.upper() if word.upper() in ACRONYMS else word[:1].upper() + word[1:] for word in _WORD.findall(field))
    return " ".join(words)
