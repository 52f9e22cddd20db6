"""The rows of the table. A file in bench/rows registers its own; nothing else has to be told of it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from bench.measure import Measured
from bench.surroundings import Surroundings

Measure = Callable[[Surroundings], Measured]


@dataclass(frozen=True)
class Row:
    group: str  # what `./lab bench GROUP` chooses by
    what: str
    reach: str
    measure: Measure


_rows: list[Row] = []


def row(group: str, what: str, reach: str = "") -> Callable[[Measure], Measure]:
    """Registers the function that measures one row."""

    def register(measure: Measure) -> Measure:
        _rows.append(Row(group, what, reach, measure))
        return measure

    return register


def rows(chosen: str = "") -> list[Row]:
    """All rows in the order of their files; those of one group, or of one file, when `chosen`."""
    package = importlib.import_module("bench.rows")
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        importlib.import_module(f"bench.rows.{module.name}")
    return [row for row in _rows if chosen in ("", row.group, row.measure.__module__.rpartition(".")[2])]
