"""The page that `explain` prints of a kind or of a field."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .document import Document, Schema, inside

WIDTH = 78
MOST_VALUES = 4  # of an enumeration, in a list of fields
DEEPEST = 60


class Page:
    def __init__(self, document: Document, *, recursive: bool) -> None:
        self._document = document
        self._recursive = recursive

    def head(self) -> str:
        gvk = self._document.gvk
        head = f"GROUP:      {gvk['group']}\n" if gvk["group"] else ""
        return f"{head}KIND:       {gvk['kind']}\nVERSION:    {gvk['version']}\n\n"

    def text(self, path: list[str]) -> str | None:
        """What follows the head; None where there is no such field."""
        root = self._document.root()
        found = self._document.find(root, path) if root is not None else None
        if found is None:
            return None
        schema, field = found
        head = ""
        if path:
            values = "".join(f"\n    {_shown(value)}" for value in field.get("enum") or ())
            enum = f"ENUM:{values}" if values else ""
            head = f"FIELD: {path[-1]} <{self._document.type_of(field)}>\n{enum}\n\n"
        description = indented(wrapped(self._document.description(schema) or "<empty>", WIDTH - 2), 4)
        fields = "".join(self._fields(schema, 1, frozenset()))
        listed = f"FIELDS:\n{fields}" if fields else ""
        return f"{head}DESCRIPTION:\n{description}\n{listed}\n"

    def _fields(self, schema: Schema, level: int, seen: frozenset[str]) -> Iterator[str]:
        reference = str(schema.get("$ref", ""))
        if (reference and reference in seen) or level > DEEPEST:
            return
        seen |= {reference}
        resolved = self._document.resolve(schema)
        for name, field in sorted((resolved.get("properties") or {}).items()):
            yield self._field(name, field, level, required=name in (resolved.get("required") or ()))
            if self._recursive:
                yield from self._fields(field, level + 1, seen)
        for part in (*(resolved.get("allOf") or ()), *inside(resolved)):
            yield from self._fields(part, level, seen)

    def _field(self, name: str, field: Schema, level: int, *, required: bool) -> str:
        before = 2 * level
        text = f"{' ' * before}{name}\t<{self._document.type_of(field)}>{' -required-' if required else ''}"
        values = [_shown(value) for value in field.get("enum") or ()]
        if values:
            more = ", ...." if len(values) > MOST_VALUES else ""
            text += f"\n{' ' * before}enum: {', '.join(values[:MOST_VALUES])}{more}"
        if self._recursive:
            return text + "\n"
        description = indented(wrapped(field.get("description") or "<no description>", WIDTH - before), before + 2)
        return f"{text}\n{description}\n\n"


def _shown(value: object) -> str:
    return '""' if value == "" else str(value)


def indented(text: str, columns: int) -> str:
    pad = " " * columns
    return pad + text.replace("\n", f"\n{pad}")


def wrapped(text: str, width: int) -> str:
    """Lines of at most so many columns, broken at blanks; longer words stay whole, blanks at a line's end go."""
    return "\n".join(_wrapped(line, width) for line in text.split("\n"))


def _wrapped(line: str, width: int) -> str:
    lines, current = list[str](), ""
    for space, word in re.findall(r"([^\S\xa0]*)((?:\S|\xa0)*)", line):
        if not word:
            break
        if current and len(current) + len(space) + len(word) > width:
            lines.append(current)
            current = word
        else:
            current += space + word
    return "\n".join([*lines, current])
