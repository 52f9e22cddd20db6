"""From a word as it was typed to the words that a program is given."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .state import ShellError, State
from .tree import Substitution, Text, Variable, Word

MOST_WORDS = 5000
LONGEST = 1024 * 1024  # characters of all words of one command
_RANGE = re.compile(r"([^{}]*)\{(-?\d{1,6})\.\.(-?\d{1,6})\}([^{}]*)")
_MAGIC = re.compile(r"[*?\[]")


class _Field:
    """One word in the making, and the pattern of file names that it may be."""

    def __init__(self) -> None:
        self.text = ""
        self.pattern = ""
        self.begun = False

    def add(self, text: str, quoted: bool) -> None:
        self.text += text
        self.pattern += _MAGIC.sub(lambda found: f"[{found[0]}]", text) if quoted else text
        self.begun = self.begun or quoted or bool(text)


@dataclass(slots=True)
class Expander:
    """`substitute` runs a script and gives what it writes."""

    state: State
    names: Callable[[], Iterable[str]]  # of the files
    substitute: Callable[[str], str]

    def words(self, words: Iterable[Word]) -> list[str]:
        found: list[str] = []
        size = 0
        for word in words:
            for each in self._fields(word):
                found.append(each)
                size += len(each)
                if len(found) > MOST_WORDS or size > LONGEST:
                    raise ShellError("bash: argument list too long", 126)
        return found

    def text(self, word: Word) -> str:
        """Without splitting: of an assignment, a redirect, a here-document."""
        text = "".join(self._part(part) for part in word.parts)
        if len(text) > LONGEST:
            raise ShellError("bash: text too long")
        return text

    def _part(self, part: Text | Variable | Substitution) -> str:
        if isinstance(part, Text):
            return part.text
        if isinstance(part, Variable):
            return self.state.value(part.name) or part.default
        return self.substitute(part.script).rstrip("\n")

    def _fields(self, word: Word) -> list[str]:
        span = _RANGE.fullmatch(word.plain or "")
        if span:
            first, last = int(span[2]), int(span[3])
            step = 1 if last >= first else -1
            numbers = range(first, last + step, step)
            if len(numbers) > MOST_WORDS:
                raise ShellError("bash: argument list too long", 126)
            return [f"{span[1]}{number}{span[4]}" for number in numbers]
        fields = [_Field()]
        for part in word.parts:
            text = self._part(part)
            if part.quoted or isinstance(part, Text):
                fields[-1].add(text, part.quoted)
            else:
                _split_into(fields, text)
        return [name for each in fields if each.begun for name in self._files(each)]

    def _files(self, field: _Field) -> list[str]:
        """The files that an unquoted pattern names; the word itself when there is none."""
        if not _MAGIC.search(field.pattern) or field.pattern == "":
            return [field.text]
        found = sorted(name for name in self.names() if fnmatch.fnmatchcase(name, field.pattern))
        return found or [field.text]


def _split_into(fields: list[_Field], text: str) -> None:
    pieces = text.split()
    if not pieces:
        if text:
            fields.append(_Field())
        return
    if text[0].isspace() and fields[-1].begun:
        fields.append(_Field())
    for index, piece in enumerate(pieces):
        if index:
            fields.append(_Field())
        fields[-1].add(piece, False)
    if text[-1].isspace():
        fields.append(_Field())
