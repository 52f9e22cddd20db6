"""What a container printed: bounded, with times, and readable while it grows."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import NamedTuple

MAX_LINES, MAX_BYTES = 5000, 512 * 1024


class Line(NamedTuple):
    at: float
    text: bytes  # with its newline, but for a last line that has none


class Log:
    def __init__(self) -> None:
        self._lines: deque[Line] = deque()
        self._size = 0
        self._dropped = 0
        self._open: dict[str, bytes] = {}
        self._waiters: set[asyncio.Event] = set()
        self.closed = False

    def append(self, data: bytes, at: float, stream: str = "stdout") -> None:
        *whole, rest = (self._open.pop(stream, b"") + data).split(b"\n")
        for line in whole:
            self._add(Line(at, line + b"\n"))
        if rest:
            self._open[stream] = rest
        self._wake()

    def close(self, at: float) -> None:
        for rest in self._open.values():
            self._add(Line(at, rest))
        self._open.clear()
        self.closed = True
        self._wake()

    def lines(self) -> list[Line]:
        return list(self._lines)

    async def follow(self, start: int) -> AsyncIterator[Line]:
        """Lines from the given number on, until the container has ended."""
        awake = asyncio.Event()
        self._waiters.add(awake)
        try:
            while True:
                while start < self._dropped + len(self._lines):
                    start = max(start, self._dropped)
                    yield self._lines[start - self._dropped]
                    start += 1
                if self.closed:
                    return
                awake.clear()
                await awake.wait()
        finally:
            self._waiters.discard(awake)

    def end(self) -> int:
        """The number that the next line will have."""
        return self._dropped + len(self._lines)

    def _add(self, line: Line) -> None:
        self._lines.append(line)
        self._size += len(line.text)
        while len(self._lines) > MAX_LINES or self._size > MAX_BYTES:
            self._size -= len(self._lines.popleft().text)
            self._dropped += 1

    def _wake(self) -> None:
        for waiter in self._waiters:
            waiter.set()


def stamp(at: float) -> bytes:
    """RFC 3339 with nanoseconds, as the runtime stamps lines."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z ").encode()
