"""The describers, each in a module of its own under `kinds/`, which registers itself; none is listed anywhere else."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

from . import kinds
from .about import About
from .text import Text

Describe = Callable[[About, Text], None]
_describers: dict[tuple[str, str], Describe] = {}


def describes(kind: str, group: str = "") -> Callable[[Describe], Describe]:
    def register(describe: Describe) -> Describe:
        _describers[group, kind] = describe
        return describe

    return register


@cache
def all_describers() -> dict[tuple[str, str], Describe]:
    """By (group, kind); reads the modules at the first call."""
    for module in pkgutil.iter_modules(kinds.__path__):
        importlib.import_module(f"{kinds.__name__}.{module.name}")
    return dict(_describers)


def describer_of(group: str, kind: str) -> Describe:
    """The generic one for kinds that have none of their own."""
    known = all_describers()
    return known.get((group, kind)) or known["*", "*"]
