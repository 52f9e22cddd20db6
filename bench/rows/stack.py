"""All five processes together."""

from __future__ import annotations

from bench.measure import Measured, megabytes
from bench.registry import row
from bench.surroundings import Surroundings


@row("stack", "all processes: start to ready, database prepared for the first time")
def first_start(surroundings: Surroundings) -> Measured:
    seconds = surroundings.stack().seconds
    return Measured(f"{seconds:.1f} s", (seconds,))


@row("stack", "all processes: resident memory")
def whole_memory(surroundings: Surroundings) -> Measured:
    return megabytes(surroundings.stack().supervisor_pid)
