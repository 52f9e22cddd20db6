"""Flags as kubectl reads them (spf13/pflag): `--name=value`, `--name value`, `-n value`, `-nvalue`, `-it`, `--`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .durations import read_duration
from .invocation import Failed, Flags, Value

TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag that a verb knows.

    `kind`: text takes a value, int and duration one of that form; bool may stand alone; list collects values and splits
    them at commas; array collects them as they are. `alone`: what a text means without `=value` (`--dry-run`).
    """

    name: str
    short: str = ""
    kind: Literal["text", "int", "duration", "bool", "list", "array"] = "text"
    default: str = ""  # of a bool: "true" or ""
    alone: str | None = None
    help: str = ""
    values: tuple[str, ...] = ()  # what completion offers

    @property
    def takes_value(self) -> bool:
        return self.kind != "bool" and self.alone is None

    def start(self) -> Value:
        if self.kind in ("list", "array"):
            return [self.default] if self.default else []
        return self.default == "true" if self.kind == "bool" else self.default


# Those that every command has, as far as they mean something here.
GLOBAL: tuple[Flag, ...] = (
    Flag("namespace", "n", help="If present, the namespace scope for this CLI request"),
    Flag("as", help="Username to impersonate for the operation."),
    Flag("as-group", kind="array", help="Group to impersonate for the operation, this flag can be repeated."),
    Flag("request-timeout", default="0", help="The length of time to wait before giving up on a single request."),
    Flag("v", "v", default="0", help="number for the log level verbosity"),
    Flag("help", "h", kind="bool", help="Show the help of this command"),
)


def _int_problem(value: str) -> str:
    fine = re.fullmatch(r"[+-]?[0-9]+", value)
    return "" if fine else f'strconv.ParseInt: parsing "{value}": invalid syntax'


def _duration_problem(value: str) -> str:
    if read_duration(value) is not None:
        return ""
    missing = "missing unit in" if re.fullmatch(r"[+-]?[0-9]*\.?[0-9]+", value) else "invalid"
    return f'time: {missing} duration "{value}"'


PROBLEMS: Mapping[str, Callable[[str], str]] = {
    "text": lambda value: "",
    "int": _int_problem,
    "duration": _duration_problem,
}


@dataclass(frozen=True, slots=True)
class Parsed:
    args: tuple[str, ...]
    after_dashes: tuple[str, ...] | None
    flags: Flags


class _Reader:
    def __init__(self, verb: str, known: Iterable[Flag]) -> None:
        self.verb = verb
        self.long = {flag.name: flag for flag in known}
        self.short = {flag.short: flag for flag in self.long.values() if flag.short}
        self.values: dict[str, Value] = {flag.name: flag.start() for flag in self.long.values()}
        self.given: set[str] = set()

    def fail(self, problem: str) -> Failed:
        return Failed(f"Error: {problem}\nSee 'kubectl {self.verb} --help' for usage.")

    def put(self, flag: Flag, value: str, typed: str) -> None:
        if flag.kind == "bool":
            if value not in TRUE | FALSE:
                problem = f'strconv.ParseBool: parsing "{value}": invalid syntax'
                raise self.fail(f'invalid argument "{value}" for "{typed}" flag: {problem}')
            self.values[flag.name] = value in TRUE
        elif flag.kind in ("text", "int", "duration"):
            problem = PROBLEMS[flag.kind](value)
            if problem:
                raise self.fail(f'invalid argument "{value}" for "{typed}" flag: {problem}')
            self.values[flag.name] = value
        else:
            kept = self.values[flag.name] if flag.name in self.given else []
            assert isinstance(kept, list)
            self.values[flag.name] = [*kept, *((value.split(",") if value else []) if flag.kind == "list" else [value])]
        self.given.add(flag.name)

    def read_long(self, word: str, rest: list[str]) -> None:
        name, equals, value = word[2:].partition("=")
        flag = self.long.get(name)
        if flag is None:
            raise self.fail(f"unknown flag: --{name}")
        typed = f"-{flag.short}, --{name}" if flag.short else f"--{name}"
        if equals:
            self.put(flag, value, typed)
        elif not flag.takes_value:
            self.put(flag, "true" if flag.kind == "bool" else flag.alone or "", typed)
        elif rest:
            self.put(flag, rest.pop(0), typed)
        else:
            raise self.fail(f"flag needs an argument: --{name}")

    def read_short(self, word: str, rest: list[str]) -> None:
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            flag = self.short.get(letter)
            if flag is None:
                raise self.fail(f"unknown shorthand flag: '{letter}' in {word}")
            typed = f"-{letter}, --{flag.name}"
            if letters.startswith("="):
                return self.put(flag, letters[1:], typed)
            if not flag.takes_value:
                self.put(flag, "true" if flag.kind == "bool" else flag.alone or "", typed)
            elif letters:
                return self.put(flag, letters, typed)
            elif rest:
                return self.put(flag, rest.pop(0), typed)
            else:
                raise self.fail(f"flag needs an argument: '{letter}' in {word}")


def read_flags(verb: str, words: Sequence[str], known: Iterable[Flag]) -> Parsed:
    """Sorts a command's words into arguments and flags, which may stand anywhere. Raises Failed in pflag's words."""
    reader = _Reader(verb, known)
    rest, args = list(words), list[str]()
    while rest:
        word = rest.pop(0)
        if word == "--":
            return Parsed(tuple(args), tuple(rest), Flags(reader.values, frozenset(reader.given)))
        if word.startswith("--"):
            reader.read_long(word, rest)
        elif word.startswith("-") and word != "-":
            reader.read_short(word, rest)
        else:
            args.append(word)
    return Parsed(tuple(args), None, Flags(reader.values, frozenset(reader.given)))
