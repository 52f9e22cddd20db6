"""The streams of one exec or attach: `ports.ExecIO`, over a websocket's channels or over SPDY's streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Literal, Protocol

import orjson

from k8slab.emulator.status import bad_request
from k8slab.emulator.web.request import Gone, Request
from k8slab.emulator.web.streaming.carrier import Carrier
from k8slab.emulator.web.streaming.channels import CLOSE, V1, V1_TEXT, V4, V4_TEXT, V5, Channels, unsupported
from k8slab.emulator.web.streaming.session import Session, Stream

STDIN, STDOUT, STDERR, ERROR, RESIZE = range(5)
NAMES = ("stdin", "stdout", "stderr", "error", "resize")
SOCKET_PROTOCOLS = (V5, V4, V4_TEXT, V1, V1_TEXT)
SPDY_PROTOCOLS = ("v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io")
TELLS_STATUS = (V5, V4, V4_TEXT)  # the others send only the words of a failure
ALL_STREAMS_SECONDS = 30.0
Status = Mapping[str, Any]
Resized = Callable[[int, int], None]


class Remote(Protocol):
    """What both carriers offer beyond `ports.ExecIO`."""

    async def read(self) -> bytes: ...

    async def write(self, stream: Literal["stdout", "stderr"], data: bytes) -> None: ...

    def on_resize(self, resized: Resized) -> None: ...

    async def open(self) -> None:
        """Accepts, and waits for what must be there before the command starts."""

    async def pump(self) -> None:
        """Takes what the client sends until it leaves."""

    async def finish(self, status: Status) -> None:
        """Tells how it ended, and ends the connection."""


def make_remote(request: Request) -> Remote:
    flags = {name: request.flag(name) for name in ("stdin", "stdout", "stderr", "tty")}
    if flags["tty"]:
        flags["stderr"] = False  # a terminal has one output
    if not any(flags[name] for name in ("stdin", "stdout", "stderr")):
        raise bad_request("you must specify at least 1 of stdin, stdout, stderr")
    carrier = Carrier(request)
    if request.kind == "spdy":
        return SpdyRemote(carrier, flags)
    return SocketRemote(Channels(carrier, SOCKET_PROTOCOLS), flags)


class _Input:
    """What the client types, and the size of its window."""

    def __init__(self, takes_input: bool) -> None:
        self._typed: asyncio.Queue[bytes] = asyncio.Queue(64)
        self._over = not takes_input
        self._size: tuple[int, int] | None = None
        self._resized: Resized = lambda columns, rows: None

    async def read(self) -> bytes:
        if self._over:
            return b""
        data = await self._typed.get()
        self._over = not data
        return data

    async def typed(self, data: bytes) -> None:
        """b"" is the end."""
        await self._typed.put(data)

    def on_resize(self, resized: Resized) -> None:
        self._resized = resized
        if self._size is not None:
            resized(*self._size)

    def take_size(self, data: bytes) -> None:
        try:
            size = orjson.loads(data)
            self._size = int(size["Width"]), int(size["Height"])
        except (ValueError, KeyError, TypeError):
            return
        self._resized(*self._size)


class SocketRemote(_Input):
    def __init__(self, channels: Channels, flags: Mapping[str, bool]) -> None:
        super().__init__(flags["stdin"])
        self._channels, self._flags = channels, flags

    async def open(self) -> None:
        await self._channels.accept()
        if self._channels.protocol != V5:  # older servers say so that the connection stands
            await self._channels.send(STDOUT if self._flags["stdout"] else STDERR, b"")

    async def pump(self) -> None:
        while (message := await self._channels.receive()) is not None:
            channel, data = message
            if channel == STDIN and data and self._flags["stdin"]:
                await self.typed(data)
            elif channel == CLOSE and data == bytes([STDIN]) and self._channels.protocol == V5:
                await self.typed(b"")
            elif channel == RESIZE and self._flags["tty"]:
                self.take_size(data)
        await self.typed(b"")

    async def write(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        if data and self._flags[stream]:
            await self._channels.send(STDOUT if stream == "stdout" else STDERR, data)

    async def finish(self, status: Status) -> None:
        try:
            told = told_as(self._channels.protocol, status)
            if told:
                await self._channels.send(ERROR, told)
        except Gone:
            return
        await self._channels.close()


class SpdyRemote(_Input):
    def __init__(self, carrier: Carrier, flags: Mapping[str, bool]) -> None:
        super().__init__(flags["stdin"])
        offered = carrier.offered()
        chosen = next((one for one in offered if one in SPDY_PROTOCOLS), "" if not offered else None)
        if chosen is None:
            raise unsupported(offered, SPDY_PROTOCOLS)
        self._carrier, self._protocol, self._flags = carrier, chosen, flags
        self._session = Session(carrier)
        self._streams: dict[str, Stream] = {}
        self._pumping: asyncio.Task[None] | None = None

    def _expected(self) -> set[str]:
        names = {name for name in ("stdin", "stdout", "stderr") if self._flags[name]} | {"error"}
        resizes = self._flags["tty"] and self._protocol in SPDY_PROTOCOLS[:2]
        return names | ({"resize"} if resizes else set())

    async def open(self) -> None:
        await self._carrier.accept(self._protocol or None)
        self._pumping = asyncio.ensure_future(self._session.pump())
        try:
            async with asyncio.timeout(ALL_STREAMS_SECONDS):
                await self._collect(self._session.opened())
        except TimeoutError as error:
            await self._leave()
            raise Gone from error

    async def _collect(self, opened: AsyncIterator[Stream]) -> None:
        missing = self._expected()
        async for stream in opened:
            kind = stream.headers.get("streamtype", "")
            if kind not in missing:
                await self._session.reset(stream)
                continue
            self._streams[kind] = stream
            missing.discard(kind)
            if not missing:
                return
        raise Gone

    async def pump(self) -> None:
        """Until the connection ends."""
        readers = [asyncio.ensure_future(self._read_stdin()), asyncio.ensure_future(self._read_sizes())]
        try:
            if self._pumping is not None:
                await self._pumping
        finally:
            for reader in readers:
                reader.cancel()
            await self._leave()

    async def _leave(self) -> None:
        if self._pumping is not None:
            self._pumping.cancel()
            await asyncio.gather(self._pumping, return_exceptions=True)

    async def _read_stdin(self) -> None:
        stream = self._streams.get("stdin")
        while stream is not None:
            data = await stream.read()
            await self.typed(data)
            if not data:
                return

    async def _read_sizes(self) -> None:
        stream = self._streams.get("resize")
        while stream is not None and (data := await stream.read()):
            for line in data.splitlines():
                self.take_size(line)

    async def write(self, stream: Literal["stdout", "stderr"], data: bytes) -> None:
        found = self._streams.get(stream)
        if found is not None:
            await found.write(data)

    async def finish(self, status: Status) -> None:
        try:
            told = told_as(V4 if self._protocol == SPDY_PROTOCOLS[0] else V1, status)
            await self._streams["error"].write(told)
            for stream in self._streams.values():
                await stream.end()
            await self._session.close()
        except Gone:
            return


def told_as(protocol: str, status: Status) -> bytes:
    """What goes to the error stream."""
    if protocol in TELLS_STATUS:
        return orjson.dumps(status)
    return str(status.get("message", "")).encode() if status.get("status") != "Success" else b""
