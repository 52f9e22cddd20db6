"""A line as words and operators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .tree import Incomplete, Part, Substitution, SyntaxProblem, Text, Variable, Word

# Longest first. A digit before < or > belongs to it only at a word's start.
OPERATORS = (
    "2>&1", "1>&2", "&>>", "<<-", "<<<", "2>>", "1>>", "&&", "||", "&>", ">>", "<<", ">&2", ">&1", "2>", "1>",
    "|", ";", "<", ">", "(", ")", "&",
)  # fmt: skip
REFUSED = {"&": "commands in the background", "(": "subshells", ")": "subshells"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9?$#@*!]")
_BRACED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*|[0-9?])(?::?-([^}]*))?\}")
_BLANK = " \t"
_ENDS_WORD = frozenset(" \t\n;&|<>()")


@dataclass(frozen=True, slots=True)
class Operator:
    text: str  # "\n" at a line's end


@dataclass(frozen=True, slots=True)
class HereText:
    """The body of a here-document, in place of the word that ends it."""

    word: Word


Token = Word | Operator | HereText


@dataclass(slots=True)
class _Here:
    """A here-document whose body comes after the line."""

    delimiter: str
    literal: bool
    strip_tabs: bool
    place: int  # among the tokens


class Lexer:
    """Args: `text` may have several lines. Raises Incomplete where the text ends too early."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._tokens: list[Token] = []
        self._waiting: list[_Here] = []

    def tokens(self) -> list[Token]:
        while self._at < len(self._text):
            self._step()
        if self._waiting:
            raise Incomplete
        return self._tokens

    def _step(self) -> None:
        char = self._text[self._at]
        if char in _BLANK:
            self._at += 1
        elif char == "\n":
            self._at += 1
            self._tokens.append(Operator("\n"))
            self._read_bodies()
        elif self._text.startswith("\\\n", self._at):
            self._at += 2
            if self._at >= len(self._text):
                raise Incomplete
        elif char == "#":
            end = self._text.find("\n", self._at)
            self._at = len(self._text) if end < 0 else end
        elif operator := next((each for each in OPERATORS if self._text.startswith(each, self._at)), None):
            self._operator(operator)
        else:
            self._tokens.append(Word(tuple(self._word())))

    def _operator(self, operator: str) -> None:
        if operator in REFUSED:
            raise SyntaxProblem(f"bash: {operator}: {REFUSED[operator]} are not part of this terminal")
        self._at += len(operator)
        self._tokens.append(Operator(operator))
        if operator in ("<<", "<<-"):
            self._delimiter(operator == "<<-")

    def _delimiter(self, strip_tabs: bool) -> None:
        while self._text.startswith(tuple(_BLANK), self._at):
            self._at += 1
        parts = list(self._word())
        if not parts:
            raise SyntaxProblem("bash: syntax error near unexpected token `newline'")
        name = "".join(part.text for part in parts if isinstance(part, Text))
        literal = any(part.quoted for part in parts)
        self._waiting.append(_Here(name, literal, strip_tabs, len(self._tokens)))
        self._tokens.append(HereText(Word(())))

    def _read_bodies(self) -> None:
        waiting, self._waiting = self._waiting, []
        for here in waiting:
            body = self._body(here)
            parts: tuple[Part, ...] = (Text(body, True),) if here.literal else tuple(_expandable(body))
            self._tokens[here.place] = HereText(Word(parts))

    def _body(self, here: _Here) -> str:
        lines: list[str] = []
        while True:
            end = self._text.find("\n", self._at)
            line = self._text[self._at : end if end >= 0 else len(self._text)]
            kept = line.lstrip("\t") if here.strip_tabs else line
            if kept == here.delimiter:
                self._at = end + 1 if end >= 0 else len(self._text)
                return "".join(f"{each}\n" for each in lines)
            if end < 0:
                raise Incomplete
            lines.append(kept)
            self._at = end + 1

    # --- words ------------------------------------------------------------------------------------------------------
    def _word(self) -> Iterator[Part]:
        while self._at < len(self._text) and self._text[self._at] not in _ENDS_WORD:
            char = self._text[self._at]
            if char == "'":
                yield Text(self._until("'"), True)
            elif char == '"':
                yield from self._double()
            elif char == "\\":
                yield from self._escaped()
            elif char in "$`":
                yield self._dollar(False)
            else:
                yield Text(self._bare())

    def _bare(self) -> str:
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in _ENDS_WORD | frozenset("'\"\\$`"):
            self._at += 1
        return self._text[start : self._at]

    def _until(self, quote: str) -> str:
        end = self._text.find(quote, self._at + 1)
        if end < 0:
            raise Incomplete
        inside, self._at = self._text[self._at + 1 : end], end + 1
        return inside

    def _escaped(self) -> Iterator[Part]:
        if self._at + 1 >= len(self._text):
            raise Incomplete
        char = self._text[self._at + 1]
        self._at += 2
        if char != "\n":
            yield Text(char, True)
        elif self._at >= len(self._text):
            raise Incomplete

    def _double(self) -> Iterator[Part]:
        self._at += 1
        yield Text("", True)  # so that "" is a word
        while True:
            if self._at >= len(self._text):
                raise Incomplete
            char = self._text[self._at]
            if char == '"':
                self._at += 1
                return
            yield self._inside(char, '$`"\\')

    def _inside(self, char: str, escapable: str) -> Part:
        """One part between double quotes, or of a here-document."""
        if char == "\\":
            following = self._text[self._at + 1 : self._at + 2]
            self._at += 2
            if following == "\n":
                return Text("", True)
            return Text(following if following and following in escapable else f"\\{following}", True)
        if char in "$`":
            return self._dollar(True)
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in '"\\$`'[0 if '"' in escapable else 1 :]:
            self._at += 1
        return Text(self._text[start : self._at], True)

    # --- $ ----------------------------------------------------------------------------------------------------------
    def _dollar(self, quoted: bool) -> Part:
        if self._text[self._at] == "`":
            return Substitution(self._until("`"), quoted)
        self._at += 1
        if self._text.startswith("((", self._at):
            raise SyntaxProblem("bash: $((: arithmetic is not part of this terminal")
        if self._text.startswith("(", self._at):
            return Substitution(self._parenthesis(), quoted)
        if self._text.startswith("{", self._at):
            return self._braced(quoted)
        found = _NAME.match(self._text, self._at)
        if not found:
            return Text("$", quoted)
        self._at = found.end()
        return Variable(found[0], quoted)

    def _braced(self, quoted: bool) -> Part:
        found = _BRACED.match(self._text, self._at + 1)
        if not found:
            if "}" not in self._text[self._at :]:
                raise Incomplete
            shown = self._text[self._at : self._text.index("}", self._at) + 1]
            raise SyntaxProblem(f"bash: ${shown}: bad substitution")
        self._at = found.end()
        return Variable(found[1], quoted, found[2] or "")

    def _parenthesis(self) -> str:
        """The text up to the parenthesis that closes this one, whatever quotes and others are between."""
        start = self._at + 1
        self._at += 1
        depth = 1
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == "\\":
                self._at += 1
            elif char == "'":
                self._until("'")
                continue
            elif char == '"':
                for _ in self._double():
                    pass
                continue
            depth += {"(": 1, ")": -1}.get(char, 0)
            self._at += 1
            if depth == 0:
                return self._text[start : self._at - 1]
        raise Incomplete


def _expandable(body: str) -> Iterator[Part]:
    """A here-document's body: like text in double quotes in which those need no backslash."""
    lexer = Lexer(body)
    while lexer._at < len(body):
        yield lexer._inside(body[lexer._at], "$`\\")
