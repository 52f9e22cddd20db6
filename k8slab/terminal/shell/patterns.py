"""Regular expressions that a student types: RE2 takes linear time whatever the pattern, Python's `re` may not end.

It is reached by CEL's `matches`, which only says yes or no; `spans` finds the places by asking often, on short lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cel_expr_python import cel

from .state import ShellError

LONGEST_PATTERN = 1000  # characters
LONGEST_LINE = 2000  # characters in which places are looked for
_PLAIN = re.compile(r"[\w /:,=\"'<>@#%&;~-]*")


@lru_cache(maxsize=1)
def _expression() -> cel.Expression:
    variables = {"line": cel.Type.STRING, "pattern": cel.Type.STRING}
    return cel.NewEnv(variables=variables).compile("line.matches(pattern)")


def _environment_matches(pattern: str, line: str) -> bool:
    try:
        answer = _expression().eval(data={"line": line, "pattern": pattern}).plain_value()
    except RuntimeError as error:
        raise ShellError(f"invalid pattern: {error}", 2) from error
    if not isinstance(answer, bool):
        raise ShellError("Invalid regular expression", 2)
    return answer


@dataclass(frozen=True, slots=True)
class Pattern:
    """`re2` is tried unanchored; `plain` is the text itself where the pattern has nothing special."""

    re2: str
    plain: str | None = None

    @classmethod
    def of(cls, text: str, *, extended: bool, fixed: bool, fold: bool, word: bool, line: bool = False) -> Pattern:
        if len(text) > LONGEST_PATTERN:
            raise ShellError("pattern too long", 2)
        if not (fold or word or line) and (fixed or _PLAIN.fullmatch(text)):
            return cls(re.escape(text), text)
        body = re.escape(text) if fixed else (text if extended else extend(text))
        if word:
            body = rf"\b(?:{body})\b"
        if line:
            body = rf"^(?:{body})$"
        found = cls(("(?i)" if fold else "") + body)
        found.matches("")  # a bad pattern is told at once
        return found

    def matches(self, line: str) -> bool:
        return self.plain in line if self.plain is not None else _environment_matches(self.re2, line)

    def spans(self, line: str) -> Iterator[tuple[int, int]]:
        """Leftmost, longest, without overlap."""
        if self.plain is not None:
            yield from _places(self.plain, line)
            return
        line = line[:LONGEST_LINE]
        at = 0
        while at <= len(line) and (at == 0 or not self.re2.startswith("^")):
            if not self.matches(line[at:]):
                return
            start = next((s for s in range(at, len(line) + 1) if self._at(line[s:])), None)
            if start is None:
                return
            end = self._end(line, start)
            if end > start:
                yield start, end
            at = max(end, start + 1)

    def _at(self, rest: str) -> bool:
        return _environment_matches(f"^(?:{self.re2})", rest)

    def _end(self, line: str, start: int) -> int:
        whole = f"^(?:{self.re2})$"
        return next((end for end in range(len(line), start, -1) if _environment_matches(whole, line[start:end])), start)


def _places(text: str, line: str) -> Iterator[tuple[int, int]]:
    at = line.find(text) if text else -1
    while at >= 0:
        yield at, at + len(text)
        at = line.find(text, at + len(text))


def extend(basic: str) -> str:
    r"""A basic expression as an extended one: there `+ ? | ( ) {` are letters and `\+ \? \| \( \) \{` are not."""
    out, at, in_class = "", 0, False
    while at < len(basic):
        char = basic[at]
        if in_class:
            in_class = char != "]"
            out += char
        elif char == "\\" and at + 1 < len(basic):
            at += 1
            out += basic[at] if basic[at] in "+?|(){}" else f"\\{basic[at]}"
        elif char in "+?|(){}":
            out += f"\\{char}"
        else:
            in_class = char == "["
            out += char
        at += 1
    return out
