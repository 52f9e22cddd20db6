"""One run of kubectl: who acts where, what was typed, and where the output goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from k8slab.kube.client import Client

from ..streams import Streams


class Failed(Exception):
    """Ends the command. `message` goes to standard error as it is (kubectl's own words, `error: ` included)."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


Value = str | bool | list[str]


@dataclass(frozen=True, slots=True)
class Flags:
    """What was given, by a flag's long name. Asking for a flag that the verb has not declared is a KeyError."""

    values: Mapping[str, Value]
    given: frozenset[str]  # names of those that were typed, not defaulted

    def text(self, name: str) -> str:
        value = self.values[name]
        assert isinstance(value, str)
        return value

    def on(self, name: str) -> bool:
        return self.values[name] is True

    def many(self, name: str) -> list[str]:
        value = self.values[name]
        assert isinstance(value, list)
        return value

    def number(self, name: str) -> int:
        """Raises Failed in pflag's words."""
        text = self.text(name)
        try:
            return int(text)
        except ValueError:
            problem = f'strconv.ParseInt: parsing "{text}": invalid syntax'
            raise Failed(f'error: invalid argument "{text}" for "--{name}" flag: {problem}') from None

    def was_given(self, name: str) -> bool:
        return name in self.given


@dataclass
class Invocation:
    """What a verb's function gets. `args` are the words that are no flags; `after_dashes` those behind `--`."""

    verb: str  # "rollout undo"
    args: Sequence[str]
    after_dashes: Sequence[str] | None  # None: there was no `--`
    flags: Flags
    streams: Streams
    base: Client  # acts as the student's service account
    home: str  # the namespace where nothing else is said
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def namespace(self) -> str:
        return self.flags.text("namespace") or self.home

    @cached_property
    def client(self) -> Client:
        """As the student, or as whom `--as` names. Raises Forbidden for somebody who may not act as that one."""
        user = self.flags.text("as")
        return self.base.as_user(user, self.flags.many("as-group")) if user else self.base

    def say(self, line: str) -> None:
        self.streams.out(line + "\n")

    def warn(self, line: str) -> None:
        self.streams.err(line + "\n")
