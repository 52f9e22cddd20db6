"""Reads the course's text files. Whatever is wrong with a file is a problem of that file, never an exception."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from .problems import Tell

MAX_BYTES = 256 * 1024  # nobody writes such a lesson; a stray download in the folder must not stall the loader


def read_text(path: Path, tell: Tell) -> str | None:
    """The file's text, or None after telling why there is none."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        tell(0, "this file is missing")
        return None
    except OSError as error:
        tell(0, f"cannot be read: {error.strerror or error}")
        return None
    return decode(data, tell)


def decode(data: bytes, tell: Tell) -> str | None:
    if len(data) > MAX_BYTES:
        tell(0, f"is larger than {MAX_BYTES // 1024} KiB")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        tell(data.count(b"\n", 0, error.start) + 1, "is not UTF-8 here")
        return None
    if "\0" in text:
        tell(text[: text.index("\0")].count("\n") + 1, "has a NUL character")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def entries(folder: Path, tell: Tell) -> list[Path]:
    """What is in a folder, by name; hidden files (editors leave them) do not count."""
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        tell(0, f"cannot be read: {error.strerror or error}")
        return []


def digest(folder: Path) -> str:
    """A hash of every file below the folder: names and contents."""
    whole = hashlib.sha256()
    for path in _files(folder):
        try:
            data = path.read_bytes()
        except OSError:
            continue  # whoever reads its text tells
        name = str(path.relative_to(folder)).encode("utf-8", "surrogateescape")
        whole.update(b"%d:%s%d:" % (len(name), name, len(data)) + data)
    return whole.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path
