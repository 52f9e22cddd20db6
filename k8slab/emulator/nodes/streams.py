"""Byte streams between simulated processes: pipes, buffers, and readers of lines."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol


class Reader(Protocol):
    async def read(self) -> bytes:
        """The next bytes; b"" at the end."""


class Writer(Protocol):
    async def write(self, data: bytes) -> None: ...


class Empty:
    """/dev/null, both ways."""

    async def read(self) -> bytes:
        return b""

    async def write(self, data: bytes) -> None:
        return None


class Given:
    """A stream of bytes that are all there."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def read(self) -> bytes:
        data, self._data = self._data, b""
        return data


class Buffer:
    """Keeps what is written."""

    def __init__(self, limit: int = 16 * 1024 * 1024) -> None:
        self._parts: list[bytes] = []
        self._room = limit

    async def write(self, data: bytes) -> None:
        self._room -= len(data)
        if self._room >= 0:
            self._parts.append(data)

    def value(self) -> bytes:
        return b"".join(self._parts)


class Sink:
    """Hands what is written to a function."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take

    async def write(self, data: bytes) -> None:
        self._take(data)


class Pipe:
    """From one process to the next. Writing waits when much is unread, and fails when nobody reads any more."""

    LIMIT = 64 * 1024

    def __init__(self) -> None:
        self._parts: deque[bytes] = deque()
        self._size = 0
        self._changed = asyncio.Event()
        self._ended = False
        self._broken = False

    async def write(self, data: bytes) -> None:
        while self._size > self.LIMIT and not self._broken:
            self._changed.clear()
            await self._changed.wait()
        if self._broken:
            raise BrokenPipeError
        if data:
            self._parts.append(data)
            self._size += len(data)
            self._changed.set()

    async def read(self) -> bytes:
        while not self._parts and not self._ended:
            self._changed.clear()
            await self._changed.wait()
        data = b"".join(self._parts)
        self._parts.clear()
        self._size = 0
        self._changed.set()
        return data

    def end(self) -> None:
        self._ended = True
        self._changed.set()

    def stop_reading(self) -> None:
        self._broken = True
        self._changed.set()


class Lines:
    """Reads a stream line by line, each with its newline."""

    def __init__(self, source: Reader) -> None:
        self._source = source
        self._rest = b""
        self._over = False

    async def next(self) -> bytes:
        while b"\n" not in self._rest and not self._over:
            data = await self._source.read()
            if not data:
                self._over = True
            self._rest += data
        line, newline, self._rest = self._rest.partition(b"\n")
        return line + newline

    async def read(self) -> bytes:
        if self._rest:
            data, self._rest = self._rest, b""
            return data
        return await self._source.read()


async def read_all(source: Reader, limit: int = 16 * 1024 * 1024) -> bytes:
    parts, size = [], 0
    while size < limit:
        data = await source.read()
        if not data:
            break
        parts.append(data)
        size += len(data)
    return b"".join(parts)
