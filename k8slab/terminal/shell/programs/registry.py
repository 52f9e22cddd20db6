"""The shell's programs, each registering itself; none is listed anywhere else."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.utils.functional import Promise

from k8slab.terminal.streams import Streams

from .. import programs
from ..state import ShellError, State

# A filter is given line after line (with its line's end) and None at the end; what it returns is its exit code.
Filter = Generator[None, str | None, int]


@dataclass(slots=True)
class Call:
    """One run of a program."""

    name: str
    args: list[str]
    streams: Streams
    state: State
    script: Callable[[str, Streams], int]  # runs a line of the shell

    def out(self, text: str) -> None:
        self.streams.out(text)

    def fail(self, problem: str, code: int = 1) -> ShellError:
        return ShellError(f"{self.name}: {problem}", code)

    def read(self, file: str) -> str:
        """A file's text, in the words of the usual programs where there is none."""
        text = self.streams.files.read(file)
        if text is None:
            raise self.fail(f"{file}: No such file or directory")
        return text


@dataclass(slots=True)
class Filtering:
    """What reads lines. `begin` makes a filter for the file of that name, "" for what comes through a pipe."""

    begin: Callable[[str], Filter]
    files: list[str] = field(default_factory=list)
    together: bool = False  # one filter for all files


Translated = str | Promise  # a text that is translated when it is shown
Run = Callable[[Call], int | None]
Make = Callable[[Call], Filtering]


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    summary: Translated  # "" hides it from `help`
    run: Run | None = None
    make: Make | None = None


_programs: dict[str, Program] = {}


def program(*names: str, summary: Translated = "") -> Callable[[Run], Run]:
    """Registers a function as a program."""

    def register(run: Run) -> Run:
        for name in names:
            _programs[name] = Program(name, summary, run=run)
        return run

    return register


def line_filter(*names: str, summary: Translated = "") -> Callable[[Make], Make]:
    """Registers what makes a filter of lines as a program."""

    def register(make: Make) -> Make:
        for name in names:
            _programs[name] = Program(name, summary, make=make)
        return make

    return register


@cache
def all_programs() -> dict[str, Program]:
    """Every program by its name; reads the modules at the first call."""
    for module in pkgutil.iter_modules(programs.__path__):
        importlib.import_module(f"{programs.__name__}.{module.name}")
    return dict(_programs)


def find(name: str) -> Program | None:
    return all_programs().get(name)


def names() -> Sequence[str]:
    return sorted(all_programs())
