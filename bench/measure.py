"""What every benchmark needs: repeated timing, percentiles, memory, and what machine this is."""

from __future__ import annotations

import math
import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

UNITS = {"s": 1.0, "ms": 1000.0}


@dataclass(frozen=True)
class Measured:
    """One row's figures, ready to be printed."""

    text: str
    values: tuple[float, ...] = ()


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of all are not above: a value that was measured."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def timed(action: Callable[[], object], times: int) -> list[float]:
    """Seconds that each run took."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    return taken


def durations(values: Sequence[float], unit: str = "ms") -> Measured:
    """`p50 12 ms · p95 20 ms (30 times)` from seconds."""
    middle, late = (percentile(values, share) * UNITS[unit] for share in (0.5, 0.95))
    return Measured(f"p50 {middle:.3g} {unit} · p95 {late:.3g} {unit} ({len(values)} times)", tuple(values))


def rate(per_second: Sequence[float]) -> Measured:
    """The median of several runs."""
    return Measured(f"{percentile(per_second, 0.5):,.0f}/s (median of {len(per_second)})", tuple(per_second))


def megabytes(pid: int) -> Measured:
    size = resident(pid) / 1e6
    return Measured(f"{size:.0f} MB", (size,))


def resident(pid: int) -> int:
    """Bytes in memory of a process and all its descendants. Pages that they share count each time."""
    listed = subprocess.run(("ps", "-eo", "pid=,ppid=,rss="), capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()]
    family = {pid, *descendants(pid, [(row[0], row[1]) for row in rows])}
    return sum(row[2] for row in rows if row[0] in family) * 1024


def descendants(pid: int, parents: Sequence[tuple[int, int]]) -> Iterator[int]:
    for child, parent in parents:
        if parent == pid:
            yield child
            yield from descendants(child, parents)


def machine() -> str:
    """One line: figures without it say nothing."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return f"{_cpu()}, {cores} cores, {memory:.0f} GiB, {system}, Python {platform.python_version()}"


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
