"""What a first process writes, as it comes, for whoever is attached to it. Without listeners it costs nothing."""

from __future__ import annotations

import asyncio
from collections import deque

MOST_HELD = 4 * 1024 * 1024  # of a listener that does not read; then it hears no more


class Listener:
    def __init__(self) -> None:
        self._parts: deque[tuple[str, bytes]] = deque()
        self._held = 0
        self._came = asyncio.Event()
        self._over = False

    def hear(self, stream: str, data: bytes) -> None:
        self._held += len(data)
        if self._held > MOST_HELD:
            self._over = True
        if not self._over:
            self._parts.append((stream, data))
        self._came.set()

    def end(self) -> None:
        self._over = True
        self._came.set()

    def __aiter__(self) -> Listener:
        return self

    async def __anext__(self) -> tuple[str, bytes]:
        while not self._parts:
            if self._over:
                raise StopAsyncIteration
            self._came.clear()
            await self._came.wait()
        stream, data = self._parts.popleft()
        self._held -= len(data)
        return stream, data


class Output:
    def __init__(self) -> None:
        self._listeners: tuple[Listener, ...] = ()

    def subscribe(self) -> Listener:
        listener = Listener()
        self._listeners += (listener,)
        return listener

    def unsubscribe(self, listener: Listener) -> None:
        self._listeners = tuple(one for one in self._listeners if one is not listener)

    def tell(self, stream: str, data: bytes) -> None:
        for listener in self._listeners:
            listener.hear(stream, data)

    def end(self) -> None:
        for listener in self._listeners:
            listener.end()
