"""Streams over one SPDY connection. The client opens them; what each means is told by its headers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from k8slab.emulator.web.request import Gone
from k8slab.emulator.web.streaming.carrier import Carrier
from k8slab.emulator.web.streaming.spdy import (
    CANCEL,
    GOAWAY,
    PING,
    REFUSED_STREAM,
    RST_STREAM,
    SYN_STREAM,
    Codec,
    Control,
    Data,
    Frame,
    SpdyError,
    data_frame,
    goaway_frame,
    ping_frame,
    reset_frame,
)

MOST_STREAMS = 1000
MOST_UNREAD = 64  # frames of one stream; then the connection waits for its reader
LARGEST_PIECE = 64 * 1024


class Stream:
    def __init__(self, number: int, headers: Mapping[str, str], send: Callable[[bytes], Awaitable[None]]) -> None:
        self.number, self.headers = number, headers
        self._send = send
        self._came: asyncio.Queue[bytes] = asyncio.Queue(MOST_UNREAD)
        self._over = False
        self.closed_here = False
        self.closed_there = False

    async def take(self, data: bytes, fin: bool) -> None:
        if self.closed_there:
            return
        if data and not self.closed_here:
            await self._came.put(data)
        if fin:
            self.closed_there = True
            await self._came.put(b"")

    def drop(self) -> None:
        """Reset, or the connection is gone: nobody writes or reads here any more."""
        self.closed_here = self.closed_there = True
        if self._came.full():
            self._discard()
        self._came.put_nowait(b"")

    async def read(self) -> bytes:
        """The next bytes; b"" at the end."""
        if self._over:
            return b""
        data = await self._came.get()
        self._over = not data
        return data

    async def write(self, data: bytes) -> None:
        for place in range(0, len(data), LARGEST_PIECE):
            if self.closed_here:
                raise Gone
            await self._send(data_frame(self.number, data[place : place + LARGEST_PIECE]))

    async def end(self) -> None:
        """Nothing more comes from here; the client may go on."""
        if not self.closed_here:
            self.closed_here = True
            await self._send(data_frame(self.number, b"", fin=True))
            self._discard()  # what came meanwhile is read by nobody, and whoever brings it must not wait

    def _discard(self) -> None:
        while not self._came.empty():
            self._came.get_nowait()


class Session:
    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._codec = Codec()
        self._streams: dict[int, Stream] = {}
        self._opened: asyncio.Queue[Stream | None] = asyncio.Queue()
        self._last = 0

    async def pump(self) -> None:
        """Takes what the client sends until it leaves."""
        try:
            while (data := await self._carrier.receive()) is not None:
                for frame in self._codec.feed(data):
                    await self._take(frame)
        except (SpdyError, Gone):
            await self._carrier.close()
        finally:
            for stream in self._streams.values():
                stream.drop()
            self._opened.put_nowait(None)

    async def opened(self) -> AsyncIterator[Stream]:
        """The streams in the order in which they come."""
        while (stream := await self._opened.get()) is not None:
            yield stream

    async def close(self) -> None:
        if self._carrier.is_open:
            await self._carrier.send(goaway_frame(self._last))
            await self._carrier.close()

    async def _take(self, frame: Frame) -> None:
        if isinstance(frame, Data):
            stream = self._streams.get(frame.stream)
            if stream is not None:
                await stream.take(frame.data, frame.fin)
                self._forget_if_over(stream)
        elif frame.kind == SYN_STREAM:
            await self._open(frame)
        elif frame.kind == RST_STREAM:
            reset = self._streams.pop(frame.stream, None)
            if reset is not None:
                reset.drop()
        elif frame.kind == PING:
            await self._carrier.send(ping_frame(frame.value))
        elif frame.kind == GOAWAY:
            self._opened.put_nowait(None)

    async def _open(self, frame: Control) -> None:
        if frame.stream <= self._last or frame.stream % 2 == 0:
            raise SpdyError(f"stream {frame.stream} after {self._last}")
        self._last = frame.stream
        self._streams = {number: one for number, one in self._streams.items() if not _is_over(one)}
        if len(self._streams) >= MOST_STREAMS:
            await self._carrier.send(reset_frame(frame.stream, REFUSED_STREAM))
            return
        stream = self._streams[frame.stream] = Stream(frame.stream, frame.headers, self._carrier.send)
        await self._carrier.send(self._codec.syn_reply(frame.stream))
        if frame.fin:
            await stream.take(b"", fin=True)
        self._opened.put_nowait(stream)

    async def reset(self, stream: Stream) -> None:
        self._streams.pop(stream.number, None)
        stream.drop()
        await self._carrier.send(reset_frame(stream.number, CANCEL))

    def _forget_if_over(self, stream: Stream) -> None:
        if _is_over(stream):
            self._streams.pop(stream.number, None)


def _is_over(stream: Stream) -> bool:
    return stream.closed_here and stream.closed_there
