"""Data files in a form that is read at once: JSON made of them, kept beside Python's byte code and by its rules.

YAML takes thirty times as long to read, and a start is waited for. What is kept counts for one state of its source.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from k8slab.emulator.later import later

yaml = later("yaml")
FORM = 1  # counts up when what `make` functions make of the same source changes


def read_data(source: Path) -> Any:
    """What a YAML file of ours says."""
    return read_made(source, lambda text: yaml.load(text, Loader=yaml.CSafeLoader))  # the safe loader, in C


def read_made(source: Path, make: Callable[[bytes], Any]) -> Any:
    """What `make` makes of a file, or made of it at an earlier start."""
    found = source.stat()
    state = f"{FORM} {source} {found.st_mtime_ns} {found.st_size}\n".encode()
    place = _place(source)
    with contextlib.suppress(OSError, orjson.JSONDecodeError):
        kept = place.read_bytes()
        if kept.startswith(state):
            return orjson.loads(kept[len(state) :])
    made = orjson.dumps(make(source.read_bytes()))
    if not sys.dont_write_bytecode:
        _keep(place, state + made)
    return orjson.loads(made)


def _place(source: Path) -> Path:
    return Path(importlib.util.cache_from_source(__file__)).parent / f"data.{source.stem}.json"


def _keep(place: Path, content: bytes) -> None:
    """Whole or not at all. Where nothing can be written, every start reads the source."""
    fresh = place.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        fresh.write_bytes(content)
        fresh.replace(place)
