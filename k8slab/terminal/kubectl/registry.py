"""The verbs, each in a module of its own under `verbs/`, which registers itself; none is listed anywhere else."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from . import verbs
from .flags import GLOBAL, Flag
from .invocation import Invocation

Run = Callable[[Invocation], int | None]  # exit code, None is 0


@dataclass(frozen=True, slots=True)
class Verb:
    """`path` is what is typed: ("rollout", "undo"). `usage` stands behind `kubectl rollout undo` in the help."""

    path: tuple[str, ...]
    run: Run
    flags: tuple[Flag, ...]
    summary: str  # the first line of its help
    usage: str
    examples: str
    of: str  # the name that an alias stands for
    completes: str  # what its arguments are: "" nothing, "resource" kinds and names, "kind", "pod", "file", "node"

    @property
    def name(self) -> str:
        return " ".join(self.path)

    @property
    def all_flags(self) -> tuple[Flag, ...]:
        """Its own and the global ones; its own win where a name or a letter is both's."""
        names, letters = {flag.name for flag in self.flags}, {flag.short for flag in self.flags if flag.short}
        return (*self.flags, *(flag for flag in GLOBAL if flag.name not in names and flag.short not in letters))


_verbs: dict[tuple[str, ...], Verb] = {}


def verb(
    name: str,
    *flags: Flag | Sequence[Flag],
    summary: str,
    usage: str = "",
    examples: str = "",
    completes: str = "",
    aliases: Sequence[str] = (),
) -> Callable[[Run], Run]:
    """Registers a function as `kubectl NAME`. A name of two words makes a group: `rollout undo`."""
    flat = tuple(each for some in flags for each in ((some,) if isinstance(some, Flag) else tuple(some)))

    def register(run: Run) -> Run:
        for each in (name, *aliases):
            path = tuple(each.split())
            _verbs[path] = Verb(path, run, flat, summary, usage, examples, name, completes)
        return run

    return register


@cache
def all_verbs() -> dict[tuple[str, ...], Verb]:
    """Every verb by its path; reads the modules at the first call."""
    for module in pkgutil.iter_modules(verbs.__path__):
        importlib.import_module(f"{verbs.__name__}.{module.name}")
    return dict(_verbs)


def find(words: Sequence[str]) -> tuple[Verb, int] | None:
    """The verb that these words begin with, and how many of them name it."""
    known = all_verbs()
    for count in (3, 2, 1):
        found = known.get(tuple(words[:count])) if len(words) >= count else None
        if found:
            return found, count
    return None


def members(group: Sequence[str]) -> list[Verb]:
    """The verbs below a group such as `rollout`."""
    return [
        verb
        for path, verb in sorted(all_verbs().items())
        if path[: len(group)] == tuple(group) and len(path) > len(group)
    ]
