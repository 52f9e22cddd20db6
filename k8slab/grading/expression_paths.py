"""Which fields an expression looks at, so that a failing one can show what is there without showing itself.

Reads tokens, not the grammar: a path that it misses is merely not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

ROOTS = ("object", "objects", "events", "namespaceObject", "vars")  # `namespace` alone is a reserved word of CEL
EACH = "*"  # any element of a list or map
MACROS = {"all", "exists", "exists_one", "filter", "map"}
TOKEN = re.compile(
    r"""(?P<string>[rRbB]{0,2}(?:\"\"\".*?\"\"\"|'''.*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))"""
    r"""|(?P<name>[A-Za-z_]\w*)|(?P<number>\d+)|(?P<space>\s+)|(?P<mark>.)""",
    re.DOTALL,
)
Path = tuple[str, ...]
Token = tuple[str, str]


def _tokens(expression: str) -> list[Token]:
    found = ((m.lastgroup or "", m.group()) for m in TOKEN.finditer(expression))
    return [token for token in found if token[0] != "space"]


class _Reader:
    """Follows each path from its root, and the variables of macros back to the list that they run over."""

    def __init__(self, expression: str) -> None:
        self.tokens = _tokens(expression)
        self.bound: dict[str, Path] = {root: (root,) for root in ROOTS}

    def at(self, place: int) -> Token:
        return self.tokens[place] if place < len(self.tokens) else ("", "")

    def paths(self) -> Iterator[Path]:
        for place, (sort, text) in enumerate(self.tokens):
            if sort == "name" and text in self.bound and self.at(place - 1 if place else len(self.tokens))[1] != ".":
                yield self._follow(place + 1, self.bound[text])

    def _follow(self, place: int, path: Path) -> Path:
        while True:
            step, place = self._step(place, path)
            if step is None:
                return path
            path = (*path, step)

    def _step(self, place: int, path: Path) -> tuple[str | None, int]:
        mark = self.at(place)[1]
        if mark not in (".", "["):
            return None, place
        place += 1
        if self.at(place)[1] == "?":  # an optional field
            place += 1
        sort, text = self.at(place)
        if mark == ".":
            return self._field(place, sort, text, path)
        if sort == "string" and self.at(place + 1)[1] == "]":
            return text.strip("\"'"), place + 2
        return (EACH, place + 2) if sort == "number" and self.at(place + 1)[1] == "]" else (None, place)

    def _field(self, place: int, sort: str, text: str, path: Path) -> tuple[str | None, int]:
        if sort != "name":
            return None, place
        if self.at(place + 1)[1] != "(":
            return text, place + 1
        if text in MACROS and self.at(place + 3)[1] == ",":
            self.bound[self.at(place + 2)[1]] = (*path, EACH)
        return None, place


@lru_cache(maxsize=1024)
def paths(expression: str) -> tuple[Path, ...]:
    """Every path, in order; those that only lead to a longer one are left out."""
    found = list(dict.fromkeys(_Reader(expression).paths()))
    return tuple(p for p in found if not any(other != p and other[: len(p)] == p for other in found))


def mentions(expression: str, root: str) -> bool:
    return any(path[0] == root for path in paths(expression))


def values(found: Any, path: Path) -> Any:
    """What is at the path; a list of values when it runs over many."""
    for place, step in enumerate(path):
        if step == EACH:
            members = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
            return [values(member, path[place + 1 :]) for member in members]
        found = found.get(step) if isinstance(found, dict) else None
    return found


def spelled(path: Path) -> str:
    """`spec.containers[*].image`"""
    return ".".join(path).replace(f".{EACH}", "[*]")
