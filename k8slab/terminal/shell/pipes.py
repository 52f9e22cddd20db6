"""Where a command's text goes when it does not go to the screen: into the next command, or into a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from .programs.registry import Filter
from .state import ShellError

LONGEST = 1024 * 1024  # characters that wait for a command that needs all of them, or for a file
LONGEST_LINE = 256 * 1024


class PipeClosed(Exception):
    """Whoever read has had enough: raised out of a write."""


class Sink(Protocol):
    """`close` runs what waits for the end, and gives the exit code of the last command."""

    def write(self, text: str) -> None: ...

    def close(self) -> int: ...


class FilterSink:
    """Feeds a filter line by line, as the lines come."""

    def __init__(self, filter_: Filter, after: Callable[[int], int]) -> None:
        self._filter = filter_
        self._after = after
        self._rest = ""
        self._code: int | None = None
        self._send(None)  # to its first yield

    def write(self, text: str) -> None:
        if self._code is not None:
            raise PipeClosed
        *lines, self._rest = (self._rest + text).split("\n")
        if len(self._rest) > LONGEST_LINE:
            lines.append(self._rest)
            self._rest = ""
        for line in lines:
            self._send(line + "\n")
            if self._code is not None:
                raise PipeClosed

    def close(self) -> int:
        if self._code is None and self._rest:
            self._send(self._rest)
        if self._code is None:
            self._send(None)
        return self._after(self._code or 0)

    def _send(self, line: str | None) -> None:
        try:
            self._filter.send(line)
        except StopIteration as end:
            self._code = end.value or 0
        except PipeClosed:
            self._code = 141
        except BaseException:
            self._code = 1
            raise


class CollectSink:
    """Keeps everything for a command that reads to the end; `run` is called with it."""

    def __init__(self, run: Callable[[str], int]) -> None:
        self._run = run
        self._kept: list[str] = []
        self._size = 0

    def write(self, text: str) -> None:
        self._size += len(text)
        if self._size > LONGEST:
            raise ShellError("bash: more than 1 MB in a pipe")
        self._kept.append(text)

    def close(self) -> int:
        return self._run("".join(self._kept))


class FileText:
    """What is written to a file, until the command is over."""

    def __init__(self, before: str = "") -> None:
        self._kept = [before]
        self._size = len(before)

    def write(self, text: str) -> None:
        self._size += len(text)
        if self._size > LONGEST:
            raise ShellError("bash: write error: File too large")
        self._kept.append(text)

    @property
    def text(self) -> str:
        return "".join(self._kept)
