"""Go's text/template → nodes: fields, variables, pipelines, if, range, with, else. No define, block or template."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


class TemplateError(Exception):
    """`1:2: …`: the line and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Constant:
    value: Any


@dataclass(frozen=True, slots=True)
class Path:
    """`.a.b`, `$x.a`, `$`; `of` is the variable's name, "" for the dot."""

    of: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Function:
    name: str


@dataclass(frozen=True, slots=True)
class Below:
    """`(pipeline).a`"""

    pipeline: Pipeline
    names: tuple[str, ...]


Operand = Constant | Path | Function | Below


@dataclass(frozen=True, slots=True)
class Pipeline:
    commands: tuple[tuple[Operand, ...], ...]
    variables: tuple[str, ...] = ()
    assigns: bool = False  # `=` and not `:=`
    line: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    word: str  # "if", "range", "with"
    pipeline: Pipeline
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]


Node = Text | Pipeline | Block
FUNCTIONS = frozenset(
    ("and", "or", "not", "len", "index", "slice", "exists", "print", "printf", "println", "html", "js", "urlquery")
) | frozenset(("eq", "ne", "lt", "le", "gt", "ge", "base64decode"))
MAX_DEPTH = 50
_ACTION = re.compile(r"\{\{(- )?(.*?)( -)?\}\}", re.DOTALL)
_TOKEN = re.compile(
    r'\s+|"(?:\\.|[^"\\\n])*"|`[^`]*`|\'(?:\\.|[^\'\\])+\'|[+-]?[0-9][\w.]*|:=|[=|(),]|\$\w*|\.\w+|\.|\w+'
)


@dataclass
class _Open:
    word: str
    pipeline: Pipeline | None
    body: list[Node] = field(default_factory=list)
    otherwise: list[Node] | None = None
    chained: bool = False  # an `else if`, which its parent's end closes too

    @property
    def nodes(self) -> list[Node]:
        return self.body if self.otherwise is None else self.otherwise


def parse(text: str) -> tuple[Node, ...]:
    """Raises TemplateError."""
    stack = [_Open("", None)]
    place = 0
    trim = False
    for found in _ACTION.finditer(text):
        before = text[place : found.start()]
        before = before.lstrip() if trim else before
        before = before.rstrip() if found[1] else before
        if before:
            stack[-1].nodes.append(Text(before))
        place, trim = found.end(), bool(found[3])
        if not found[2].startswith("/*"):
            _action(stack, found[2], text.count("\n", 0, found.start()) + 1)
    if "{{" in text[place:]:
        raise TemplateError(f"{text.count(chr(10)) + 1}: unclosed action")
    rest = text[place:].lstrip() if trim else text[place:]
    if rest:
        stack[-1].nodes.append(Text(rest))
    if len(stack) > 1:
        raise TemplateError(f"{text.count(chr(10)) + 1}: unexpected EOF")
    return tuple(stack[0].body)


def _action(stack: list[_Open], text: str, line: int) -> None:
    words = text.split(None, 1)
    word = words[0] if words else ""
    rest = words[1] if len(words) > 1 else ""
    if word in ("if", "range", "with"):
        if len(stack) > MAX_DEPTH:
            raise TemplateError(f"{line}: blocks are nested too deeply")
        stack.append(_Open(word, _Reader(rest, line).pipeline(f"missing value for {word}")))
    elif word == "else":
        _else(stack, rest, line)
    elif word == "end":
        _end(stack, line)
    elif word in ("define", "block", "template", "break", "continue"):
        raise TemplateError(f"{line}: {{{{{word}}}}} is not known here")
    else:
        stack[-1].nodes.append(_Reader(text, line).pipeline("missing value for command"))


def _else(stack: list[_Open], rest: str, line: int) -> None:
    opened = stack[-1]
    if not opened.word or opened.otherwise is not None:
        raise TemplateError(f"{line}: unexpected {{{{else}}}}")
    opened.otherwise = []
    chain = rest.split(None, 1)
    if chain and chain[0] in ("if", "with"):
        argument = chain[1] if len(chain) > 1 else ""
        pipeline = _Reader(argument, line).pipeline(f"missing value for {chain[0]}")
        stack.append(_Open(chain[0], pipeline, chained=True))


def _end(stack: list[_Open], line: int) -> None:
    while True:
        opened = stack.pop()
        if not opened.word or opened.pipeline is None:
            raise TemplateError(f"{line}: unexpected {{{{end}}}}")
        block = Block(opened.word, opened.pipeline, tuple(opened.body), tuple(opened.otherwise or ()))
        stack[-1].nodes.append(block)
        if not opened.chained:
            return


class _Reader:
    """One pipeline's words."""

    def __init__(self, text: str, line: int) -> None:
        self.line = line
        self.tokens = list(self._tokens(text))
        self.depth = 0

    def fail(self, problem: str) -> TemplateError:
        return TemplateError(f"{self.line}: {problem}")

    def _tokens(self, text: str) -> Iterator[tuple[str, bool]]:
        """(token, whether a blank stands before it)"""
        place, blank = 0, True
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise self.fail(f'unexpected "{text[place]}" in command')
            place = found.end()
            if not found[0].isspace():
                yield found[0], blank
            blank = found[0].isspace()

    @property
    def next(self) -> str:
        return self.tokens[0][0] if self.tokens else ""

    def take(self) -> str:
        return self.tokens.pop(0)[0]

    def pipeline(self, missing: str, *, inner: bool = False) -> Pipeline:
        variables, assigns = self._declared()
        commands: list[tuple[Operand, ...]] = []
        while True:
            command = self._command()
            if not command:
                raise self.fail(missing)
            commands.append(command)
            if self.next != "|":
                break
            self.take()
        if self.next and not (inner and self.next == ")"):
            raise self.fail(f'unexpected "{self.next}" in operand')
        return Pipeline(tuple(commands), variables, assigns, self.line)

    def _declared(self) -> tuple[tuple[str, ...], bool]:
        words = [token for token, _ in self.tokens]
        for count in (1, 3):
            names = words[:count:2]
            if len(words) > count and words[count] in (":=", "=") and all(name.startswith("$") for name in names):
                del self.tokens[: count + 1]
                return tuple(names), words[count] == "="
        return (), False

    def _command(self) -> tuple[Operand, ...]:
        operands: list[Operand] = []
        while self.next and self.next not in ("|", ")"):
            operands.append(self._operand())
        return tuple(operands)

    def _operand(self) -> Operand:
        word = self.take()
        if word == "(":
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise self.fail("brackets are nested too deeply")
            inner = self.pipeline("missing value for parenthesized pipeline", inner=True)
            if self.next != ")":
                raise self.fail("unclosed left paren")
            self.take()
            self.depth -= 1
            return Below(inner, self._names())
        if word[0] == "$":
            return Path(word, self._names())
        if word[0] == ".":
            return Path("", ((word[1:],) if word != "." else ()) + self._names())
        return self._constant(word)

    def _names(self) -> tuple[str, ...]:
        names: list[str] = []
        while self.tokens and not self.tokens[0][1] and self.next.startswith(".") and self.next != ".":
            names.append(self.take()[1:])
        return tuple(names)

    def _constant(self, word: str) -> Operand:
        quote = word[0]
        if quote == "`":
            return Constant(word[1:-1])
        if word in ("true", "false", "nil"):
            return Constant({"true": True, "false": False, "nil": None}[word])
        try:
            if quote in "\"'":
                text = ast.literal_eval(word)
                return Constant(ord(text) if quote == "'" and len(text) == 1 else text)
            if word[0] in "+-0123456789":
                return Constant(float(word) if "." in word else int(word, 0))
        except (ValueError, SyntaxError):
            raise self.fail(f"bad number syntax: {word!r}") from None
        if word in FUNCTIONS:
            return Function(word)
        if word.isidentifier():
            raise self.fail(f'function "{word}" not defined')
        raise self.fail(f'unexpected "{word}" in operand')
