"""What a line means, as data: the terminal's shell knows a small part of bash's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


class SyntaxProblem(Exception):
    """The line is not of this shell's language; the message is bash's where bash has one."""


class Incomplete(Exception):
    """The line goes on: a quote, a here-document, a `\\` at the end, a `for` without `done`."""


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    quoted: bool = False  # quoted text is never split, nor is it a pattern of file names


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    quoted: bool = False
    default: str = ""  # of ${NAME:-default}


@dataclass(frozen=True, slots=True)
class Substitution:
    """$(script)"""

    script: str
    quoted: bool = False


Part = Text | Variable | Substitution


@dataclass(frozen=True, slots=True)
class Word:
    parts: tuple[Part, ...]

    @property
    def plain(self) -> str | None:
        """Its text where nothing in it is quoted or expanded: only such a word is a keyword or an alias."""
        texts = [part.text for part in self.parts if isinstance(part, Text) and not part.quoted]
        return "".join(texts) if len(texts) == len(self.parts) else None


@dataclass(frozen=True, slots=True)
class Redirect:
    """`stream` 0 reads, 1 and 2 write, 3 is both 1 and 2; `&1` and `&2` are the targets of `2>&1` and `>&2`."""

    stream: Literal[0, 1, 2, 3]
    how: Literal["<", ">", ">>", "text"]
    target: Word


@dataclass(frozen=True, slots=True)
class Simple:
    """One command: NAME=value … program words … redirects."""

    assignments: tuple[tuple[str, Word], ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """for NAME in WORDS; do BODY; done"""

    name: str
    words: tuple[Word, ...]
    body: Script


Command = Simple | Loop


@dataclass(frozen=True, slots=True)
class Pipeline:
    commands: tuple[Command, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A pipeline, and when it runs: always, after success or after failure of what was before."""

    when: Literal[";", "&&", "||"]
    pipeline: Pipeline


@dataclass(frozen=True, slots=True)
class Script:
    steps: tuple[Step, ...]
