"""Every string that the code and the templates ask gettext for, found without GNU gettext."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation.template import templatize

KEYWORDS: dict[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Key:
    """What gettext looks up: two equal strings in different contexts are two messages."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.text, self.plural) if self.plural else self.text


@dataclass(slots=True)
class Found:
    key: Key
    files: set[str] = field(default_factory=set)


def collect(root: Path) -> dict[Key, Found]:
    """All messages of the project at `root`, with the files that use them."""
    messages: dict[Key, Found] = {}
    for file in [*sorted((root / "k8slab").rglob("*.py")), *_templates(root)]:
        for key in keys_in(file):
            messages.setdefault(key, Found(key)).files.add(file.relative_to(root).as_posix())
    return messages


def _templates(root: Path) -> list[Path]:
    return sorted(file for file in (root / "templates").rglob("*") if file.suffix in (".html", ".txt"))


def keys_in(file: Path) -> Iterator[Key]:
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        # What is left of a template is calls between rows of X; their indentation would upset Python's tokenizer.
        source = INDENT.sub("", templatize(source, origin=str(file)))
    lines = io.BytesIO(source.encode())
    for _line, message, _comments, context in extract(
        "python", lines, keywords=KEYWORDS, options={"encoding": "utf-8"}
    ):
        parts = (message,) if isinstance(message, str) else tuple(message)
        yield Key(parts[0], parts[1] if len(parts) > 1 else "", context or "")
