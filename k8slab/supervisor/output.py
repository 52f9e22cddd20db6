"""What the processes say: all of it in var/log/<name>.log, the rest on the terminal with the name before each line."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import BinaryIO, TextIO

LARGEST_LOG = 10_000_000
COLOURS = {"redis": 31, "emulator": 34, "web": 32, "worker": 35, "watcher": 36}
_UNPRINTABLE = re.compile(r"\x1b\[[0-9;]*m|[\x00-\x08\x0b-\x1f\x7f]")


class Output:
    """Where lines go. Until `echo` is switched on, what processes say reaches only their log files: a start that
    succeeds is not worth reading, and of one that fails the caller shows the last lines.
    """

    def __init__(self, logs: Path, terminal: TextIO) -> None:
        self.echo = False
        self._logs = logs
        self._terminal: TextIO | None = terminal
        self._files: dict[str, BinaryIO] = {}
        self._colour = bool(terminal.isatty() and not os.environ.get("NO_COLOR"))

    def log_file(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def line(self, name: str, line: bytes, quiet: bool = False) -> None:
        """One line that process `name` wrote."""
        self._file(name).write(line + b"\n")
        if self.echo and not quiet:
            self._show(f"{self._prefix(name)} {_UNPRINTABLE.sub('', line.decode('utf-8', 'replace'))}")

    def say(self, text: str) -> None:
        """A line of the supervisor's own."""
        self._file("supervisor").write(text.encode() + b"\n")
        self._show(text)

    def last_lines(self, name: str, count: int = 12) -> list[str]:
        try:
            written = self.log_file(name).read_bytes()
        except FileNotFoundError:
            return []
        return written.decode("utf-8", "replace").splitlines()[-count:]

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _show(self, text: str) -> None:
        if self._terminal:
            try:
                print(text, file=self._terminal, flush=True)
            except OSError:  # the terminal went away; the log files stay
                self._terminal = None

    def _prefix(self, name: str) -> str:
        padded = f"{name:<8} |"
        return f"\x1b[{COLOURS.get(name, 37)}m{padded}\x1b[0m" if self._colour else padded

    def _file(self, name: str) -> BinaryIO:
        file = self._files.get(name)
        if file is None or file.tell() > LARGEST_LOG:
            if file is not None:
                file.close()
            file = self._files[name] = open_log(self.log_file(name))
        return file


def open_log(path: Path) -> BinaryIO:
    """Appends; one older file is kept when this one has become large."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab", buffering=0)
