"""Secrets and other small facts that are kept from one start to the next, readable by nobody else."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_private(file: Path, text: str) -> None:
    """Never readable by others, not even for the moment between creation and chmod; whole or not at all."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    fresh.replace(file)


def kept_secret(file: Path, size: int = 24) -> str:
    """The secret in `file`; a new random one when there is none. Only letters, digits, `-` and `_`."""
    if kept := read(file):
        return kept
    write_private(file, secrets.token_urlsafe(size))
    return read(file)


def read(file: Path) -> str:
    """What `file` says, or nothing when it is not there."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
