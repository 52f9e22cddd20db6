"""What an ended container leaves to be read in its status: its termination message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.emulator.nodes.files import FileSystem
from k8slab.emulator.nodes.logs import Log

USUAL_PATH = "/dev/termination-log"
LONGEST, LONGEST_LOG, MOST_LINES = 4096, 2048, 80


def last_words(spec: Mapping[str, Any], files: FileSystem | None, log: Log, *, failed: bool) -> str:
    """The file that the container may have written; failing that, the end of its log, where it asks for that."""
    path = spec.get("terminationMessagePath") or USUAL_PATH
    try:
        told = files.read(path)[:LONGEST] if files is not None else b""
    except OSError:
        told = b""
    if not told and failed and spec.get("terminationMessagePolicy") == "FallbackToLogsOnError":
        told = b"".join(line.text for line in log.lines()[-MOST_LINES:])[-LONGEST_LOG:]
    return told.decode(errors="replace")
