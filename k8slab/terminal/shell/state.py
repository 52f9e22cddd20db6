"""What a terminal keeps from one line to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..streams import Streams

HOME = "/home/student"
MOST_VARIABLES = 200
LONGEST_VALUE = 64 * 1024  # characters
HISTORY = 500  # lines

# words after `kubectl`, the streams, and the exported variables → exit code
Kubectl = Callable[[Sequence[str], Streams], int]


class ShellError(Exception):
    """Ends a command with a message on standard error."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def _variables() -> dict[str, str]:
    return {"HOME": HOME, "PWD": HOME, "USER": "student", "SHELL": "/bin/bash", "TERM": "xterm-256color"}


def _aliases() -> dict[str, str]:
    return {"k": "kubectl", "ll": "ls -l"}


@dataclass(slots=True)
class State:
    """`code` is what `$?` says."""

    kubectl: Kubectl
    variables: dict[str, str] = field(default_factory=_variables)
    aliases: dict[str, str] = field(default_factory=_aliases)
    history: list[str] = field(default_factory=list)
    code: int = 0

    def assign(self, name: str, value: str) -> None:
        if name not in self.variables and len(self.variables) >= MOST_VARIABLES:
            raise ShellError(f"bash: {name}: too many variables")
        if len(value) > LONGEST_VALUE:
            raise ShellError(f"bash: {name}: value too long")
        self.variables[name] = value

    def value(self, name: str) -> str:
        special: Mapping[str, str] = {"?": str(self.code), "$": "1", "#": "0", "0": "bash"}
        return special.get(name) or self.variables.get(name, "")

    def remember(self, line: str) -> None:
        """As bash: not what begins with a blank, nor the same line twice running."""
        if line.strip() and not line.startswith(" ") and self.history[-1:] != [line]:
            self.history.append(line)
            del self.history[:-HISTORY]
