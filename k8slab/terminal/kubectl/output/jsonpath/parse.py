"""Kubernetes' JSONPath templates → nodes. Problems in the words of client-go's reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field


class JSONPathError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Number:
    value: int | float


@dataclass(frozen=True, slots=True)
class Bool:
    value: bool


@dataclass(frozen=True, slots=True)
class Field:
    name: str  # "" is the object itself


@dataclass(frozen=True, slots=True)
class Wildcard:
    pass


@dataclass(frozen=True, slots=True)
class Recursive:
    pass


@dataclass(frozen=True, slots=True)
class Slice:
    start: int | None
    stop: int | None
    step: int | None
    single: bool = False  # `[2]`: `stop` is derived from `start`


@dataclass(frozen=True, slots=True)
class Steps:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Union:
    parts: tuple[Steps, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    left: Steps
    operator: str  # "exists" stands alone
    right: Steps


@dataclass(frozen=True, slots=True)
class Range:
    """`{range …}`; up to `{end}` everything is its body."""

    over: Steps
    body: tuple[Node, ...]


Node = Text | Number | Bool | Field | Wildcard | Recursive | Slice | Steps | Union | Filter | Range
MAX_DEPTH = 50
_KEY = re.compile(r"'([^']*)'")
_SLICE = re.compile(r"(-?\d*)(:-?\d*)?(:-?\d*)?")
_COMPARED = re.compile(r"([^!<>=]+)([!<>=]+)(.+?)", re.DOTALL)
_WORD = re.compile(r"[\w]+")
_NAME = re.compile(r"(?:\\.|[^\s.,\[\]$@{}()\\])*")
_NUMBER = re.compile(r"[+-]?[\d.]*")
_ESCAPES = re.compile(r"\\(.)", re.DOTALL)


@dataclass
class _Frame:
    over: Steps
    nodes: list[Node] = field(default_factory=list)


def parse(text: str) -> tuple[Node, ...]:
    """The nodes of a template: text, `{actions}`, ranges with their bodies."""
    frames = [_Frame(Steps(()))]
    place = 0
    while place < len(text):
        opened = text.find("{", place)
        if opened < 0 or opened > place:
            frames[-1].nodes.append(Text(text[place : opened if opened >= 0 else len(text)]))
            place = opened if opened >= 0 else len(text)
            continue
        reader = _Action(text, place + 1)
        place = reader.read()
        if reader.keyword == "range":
            frames.append(_Frame(Steps(tuple(reader.nodes))))
            if len(frames) > MAX_DEPTH:
                raise JSONPathError("ranges are nested too deeply")
        elif reader.keyword == "end":
            if len(frames) == 1:
                raise JSONPathError("not in range, nothing to end")
            done = frames.pop()
            frames[-1].nodes.append(Range(done.over, tuple(done.nodes)))
        else:
            frames[-1].nodes.append(Steps(tuple(reader.nodes)))
    if len(frames) > 1:
        raise JSONPathError("unterminated range")
    return tuple(frames[0].nodes)


class _Action:
    """What stands between `{` and `}`."""

    def __init__(self, text: str, place: int, depth: int = 0) -> None:
        self.text = text
        self.place = place
        self.depth = depth
        self.nodes: list[Node] = []
        self.keyword = ""
        if depth > MAX_DEPTH:
            raise JSONPathError("filters are nested too deeply")

    def read(self) -> int:
        """Reads up to the action's `}`; where the text goes on."""
        while True:
            rest = self.text[self.place : self.place + 3]
            if rest.startswith("}"):
                return self.place + 1
            if not rest or rest[0] in "\r\n":
                raise JSONPathError("unclosed action")
            self._step(rest)

    def _step(self, rest: str) -> None:
        letter = rest[0]
        reading: Callable[[], None] | None = None
        if rest.startswith("[?("):
            reading = self._filter
        elif rest.startswith(".."):
            reading = self._recursive
        elif letter in " \t@$":
            reading = self._skip
        elif letter in "[.'\"":
            reading = {"[": self._array, ".": self._field, "'": self._quote, '"': self._quote}[letter]
        elif letter in "+-" or letter.isdigit():
            reading = self._number
        elif letter.isalpha() or letter == "_":
            reading = self._identifier
        if reading is None:
            raise JSONPathError(f"unrecognized character in action: U+{ord(letter):04X} '{letter}'")
        reading()

    def _skip(self) -> None:
        self.place += 1

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.place)
        word = found[0] if found else ""
        self.place += len(word)
        return word

    def _identifier(self) -> None:
        word = self._match(_WORD)
        if word in ("range", "end"):
            self.keyword = word
        elif word in ("true", "false"):
            self.nodes.append(Bool(word == "true"))
        else:
            raise JSONPathError(f"unrecognized identifier {word}")

    def _field(self) -> None:
        self.place += 1
        name = _ESCAPES.sub(r"\1", self._match(_NAME))
        self.nodes.append(Wildcard() if name == "*" else Field(name))

    def _recursive(self) -> None:
        if self.nodes and isinstance(self.nodes[-1], Recursive):
            raise JSONPathError("invalid multiple recursive descent")
        self.place += 2
        self.nodes.append(Recursive())
        if self.text[self.place : self.place + 1].isalnum():
            self.place -= 1
            self._field()

    def _number(self) -> None:
        word = self._match(_NUMBER)
        try:
            self.nodes.append(Number(int(word) if word.lstrip("+-").isdigit() else float(word)))
        except ValueError:
            raise JSONPathError(f"cannot parse number {word}") from None

    def _quote(self) -> None:
        quote = self.text[self.place]
        end = self.place + 1
        while end < len(self.text) and self.text[end] != quote and self.text[end] != "\n":
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text) or self.text[end] != quote:
            raise JSONPathError("unterminated quoted string")
        self.nodes.append(Text(_unquoted(self.text[self.place + 1 : end])))
        self.place = end + 1

    def _array(self) -> None:
        end, quoted = self.place + 1, False
        while end < len(self.text) and self.text[end] != "\n":
            letter = self.text[end]
            if letter == "]" and not quoted:
                break
            quoted ^= letter == "'"
            end += 1
        else:
            raise JSONPathError("unterminated array")
        inside = self.text[self.place + 1 : end]
        self.place = end + 1
        parts = [part.strip() for part in inside.split(",")]
        nodes = [self._element(part) for part in parts]
        self.nodes.append(nodes[0] if len(nodes) == 1 else Union(tuple(Steps((node,)) for node in nodes)))

    def _element(self, text: str) -> Node:
        if text == "*":
            return Slice(None, None, None)
        key = _KEY.fullmatch(text)
        if key:
            return Field(key[1])
        found = _SLICE.fullmatch(text)
        if not found or text == "":
            raise JSONPathError(f"invalid array index {text}")
        start, stop, step = ((part or "").lstrip(":") for part in found.groups())
        numbers = [int(part) if part.lstrip("-") else None for part in (start, stop, step)]
        if found[2] is None and numbers[0] is not None:
            return Slice(numbers[0], numbers[0] + 1, None, single=True)
        return Slice(numbers[0], numbers[1], numbers[2])

    def _filter(self) -> None:
        end = self.place + 3
        brackets, quote = 1, ""
        while end < len(self.text):
            letter = self.text[end]
            if quote:
                quote = "" if letter == quote else quote
            elif letter in "'\"":
                quote = letter
            elif letter in "()":
                brackets += 1 if letter == "(" else -1
                if brackets == 0:
                    break
            end += 1
        else:
            raise JSONPathError("unterminated filter")
        if self.text[end + 1 : end + 2] != "]":
            raise JSONPathError("unclosed array expect ]")
        self.nodes.append(self._condition(self.text[self.place + 3 : end].strip()))
        self.place = end + 2

    def _condition(self, inside: str) -> Filter:
        compared = _COMPARED.fullmatch(inside)
        if not compared:
            return Filter(self._nested(inside), "exists", Steps(()))
        left, operator, right = (part.strip() for part in compared.groups())
        if operator not in ("==", "!=", "<", "<=", ">", ">="):
            raise JSONPathError(f"unrecognized filter operator {operator}")
        return Filter(self._nested(left), operator, self._nested(right))

    def _nested(self, text: str) -> Steps:
        reader = _Action(f"{text}}}", 0, self.depth + 1)
        if reader.read() <= len(text):
            raise JSONPathError(f"unrecognized expression {text}")
        return Steps(tuple(reader.nodes))


def _unquoted(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        return str(ast.literal_eval(f'"{found[0]}"')) if found[0][1] in "abfnrtv\\" else found[1]

    return _ESCAPES.sub(one, text)
