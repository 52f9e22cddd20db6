"""Words and operators as a script."""

from __future__ import annotations

import re
from typing import Literal, cast

from .lexer import HereText, Lexer, Operator, Token
from .tree import (
    Command,
    Incomplete,
    Loop,
    Pipeline,
    Redirect,
    Script,
    Simple,
    Step,
    SyntaxProblem,
    Text,
    Word,
)

LONGEST = 1024 * 1024  # characters of a line with its here-documents
MOST_COMMANDS = 500
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNSUPPORTED = frozenset(("if", "while", "until", "case", "function", "select", "[[", "{"))
_SEPARATORS = (";", "\n")
# operator → (stream, how)
_REDIRECTS: dict[str, tuple[Literal[0, 1, 2, 3], Literal["<", ">", ">>", "text"]]] = {
    "<": (0, "<"), "<<<": (0, "text"), ">": (1, ">"), "1>": (1, ">"), ">>": (1, ">>"), "1>>": (1, ">>"),
    "2>": (2, ">"), "2>>": (2, ">>"), "&>": (3, ">"), "&>>": (3, ">>"),
}  # fmt: skip
_TO_STREAM = {"2>&1": (2, "&1"), "1>&2": (1, "&2"), ">&2": (1, "&2"), ">&1": (1, "&1")}


def parse(text: str) -> Script:
    """Raises SyntaxProblem or Incomplete."""
    if len(text) > LONGEST:
        raise SyntaxProblem("bash: line too long")
    parser = _Parser(Lexer(text).tokens())
    script = parser.script(())
    if parser.here is not None:
        raise parser.unexpected()
    return script


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._commands = 0

    @property
    def here(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def unexpected(self) -> SyntaxProblem:
        token = self.here
        shown = token.text if isinstance(token, Operator) else (token.plain if isinstance(token, Word) else "") or ""
        return SyntaxProblem(f"bash: syntax error near unexpected token `{shown if shown != chr(10) else 'newline'}'")

    def _is(self, *operators: str) -> bool:
        return isinstance(self.here, Operator) and self.here.text in operators

    def _keyword(self) -> str:
        return (self.here.plain or "") if isinstance(self.here, Word) else ""

    def script(self, ends: tuple[str, ...]) -> Script:
        """Up to one of the keywords, or to the end."""
        steps: list[Step] = []
        when: Literal[";", "&&", "||"] = ";"
        self._skip()
        while self.here is not None and not (ends and self._keyword() in ends):
            steps.append(Step(when, self._pipeline()))
            when = ";"
            if self._is("&&", "||"):
                when = cast(Literal["&&", "||"], cast(Operator, self.here).text)
                self._at += 1
                self._skip_lines()
                if self.here is None:
                    raise Incomplete
            elif self._is(*_SEPARATORS):
                self._skip()
            elif self.here is not None:
                raise self.unexpected()
        return Script(tuple(steps))

    def _skip(self) -> None:
        """Ends of commands: any number of new lines, a single `;`."""
        if self._is(";") and self._at > 0:
            self._at += 1
        self._skip_lines()

    def _skip_lines(self) -> None:
        while self._is("\n"):
            self._at += 1

    def _pipeline(self) -> Pipeline:
        negated = self._keyword() == "!"
        self._at += negated
        commands = [self._command()]
        while self._is("|"):
            self._at += 1
            self._skip_lines()
            if self.here is None:
                raise Incomplete
            commands.append(self._command())
        return Pipeline(tuple(commands), negated)

    def _command(self) -> Command:
        self._commands += 1
        if self._commands > MOST_COMMANDS:
            raise SyntaxProblem("bash: too many commands in one line")
        keyword = self._keyword()
        if keyword == "for":
            return self._loop()
        if keyword in _UNSUPPORTED:
            raise SyntaxProblem(f"bash: {keyword}: not part of this terminal; `for NAME in WORDS; do …; done` is")
        if keyword in ("do", "done", "then", "fi"):
            raise self.unexpected()
        return self._simple()

    def _simple(self) -> Simple:
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while (token := self.here) is not None and not self._is("|", "&&", "||", *_SEPARATORS):
            self._at += 1
            if isinstance(token, Operator):
                redirects.append(self._redirect(token.text))
            elif isinstance(token, Word):
                assignment = None if words else _assignment(token)
                if assignment:
                    assignments.append(assignment)
                else:
                    words.append(token)
        if not (assignments or words or redirects):
            raise self.unexpected()
        return Simple(tuple(assignments), tuple(words), tuple(redirects))

    def _redirect(self, operator: str) -> Redirect:
        if operator in _TO_STREAM:
            stream, target = _TO_STREAM[operator]
            return Redirect(cast(Literal[1, 2], stream), ">", Word((Text(target, True),)))
        token = self.here
        if operator in ("<<", "<<-") and isinstance(token, HereText):
            self._at += 1
            return Redirect(0, "text", token.word)
        if not isinstance(token, Word):
            raise self.unexpected() if token else SyntaxProblem("bash: syntax error near unexpected token `newline'")
        self._at += 1
        known = _REDIRECTS[operator]
        word = Word((*token.parts, Text("\n", True))) if operator == "<<<" else token
        return Redirect(known[0], known[1], word)

    def _loop(self) -> Loop:
        self._at += 1
        name = self._keyword()
        if self.here is not None and not _NAME.fullmatch(name):
            raise SyntaxProblem(f"bash: `{name}': not a valid identifier")
        self._at += 1
        self._skip_lines()
        self._expect("in")
        words: list[Word] = []
        while isinstance(self.here, Word):
            words.append(self.here)
            self._at += 1
        if self.here is not None and not self._is(*_SEPARATORS):
            raise self.unexpected()
        self._skip()
        self._expect("do")
        body = self.script(("done",))
        self._expect("done")
        return Loop(name, tuple(words), body)

    def _expect(self, keyword: str) -> None:
        if self.here is None:
            raise Incomplete
        if self._keyword() != keyword:
            raise self.unexpected()
        self._at += 1


def _assignment(word: Word) -> tuple[str, Word] | None:
    first = word.parts[0] if word.parts else None
    if not isinstance(first, Text) or first.quoted:
        return None
    found = _ASSIGNMENT.fullmatch(first.text)
    return (found[1], Word((Text(found[2]), *word.parts[1:]))) if found else None
