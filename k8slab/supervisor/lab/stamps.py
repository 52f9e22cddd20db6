"""What was done for which inputs: a step whose inputs did not change is skipped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from k8slab.supervisor.places import ROOT


def digest(files: Iterable[Path], *more: str) -> str:
    """Of names and contents."""
    total = hashlib.sha256("\0".join(more).encode())
    for file in sorted(files):
        name = file.relative_to(ROOT) if file.is_relative_to(ROOT) else Path(file.name)
        total.update(str(name).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_done(stamp: Path, state: str) -> bool:
    try:
        return stamp.read_text(encoding="utf-8") == state
    except FileNotFoundError:
        return False


def mark_done(stamp: Path, state: str) -> None:
    stamp.write_text(state, encoding="utf-8")
