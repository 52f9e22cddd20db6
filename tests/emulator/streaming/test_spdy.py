"""Frames and streams, without a network."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterable

import pytest

from k8slab.emulator.clock import settle
from k8slab.emulator.web.request import Gone
from k8slab.emulator.web.streaming import spdy
from k8slab.emulator.web.streaming.session import Session
from k8slab.emulator.web.streaming.spdy import Codec, Control, Data, SpdyError, data_frame, ping_frame, reset_frame


def through(*frames: bytes, step: int = 1) -> list[spdy.Frame]:
    """What a codec makes of frames that come in pieces."""
    codec, data = Codec(), b"".join(frames)
    return [frame for place in range(0, len(data), step) for frame in codec.feed(data[place : place + step])]


class Line:
    """A carrier whose other end is the test."""

    def __init__(self) -> None:
        self.to_server: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.sent: list[spdy.Frame] = []
        self.is_open = True
        self._reader = Codec()

    async def receive(self) -> bytes | None:
        return await self.to_server.get()

    async def send(self, data: bytes, *, as_text: bool = False) -> None:
        if not self.is_open:
            raise Gone
        self.sent += self._reader.feed(data)

    async def close(self) -> None:
        self.is_open = False


async def session(*frames: bytes | None) -> tuple[Session, Line]:
    line = Line()
    for frame in frames:
        line.to_server.put_nowait(frame)
    made = Session(line)  # type: ignore[arg-type]  # has what a session uses of a carrier
    return made, line


def test_the_dictionary_is_the_protocols_own() -> None:
    assert zlib.adler32(spdy.DICTIONARY) == 0xE3C6A7C2  # every SPDY/3 header block names it so


def test_frames_come_whole_from_pieces() -> None:
    writer = Codec()
    first = writer.syn_stream(1, {"streamtype": "error", "port": "80"})
    second = writer.syn_stream(3, {"streamtype": "data", "port": "80"}, fin=True)
    frames = [first, data_frame(1, b"abc"), second, data_frame(3, b"", fin=True), ping_frame(7), reset_frame(3, 5)]
    expected = [
        Control(spdy.SYN_STREAM, 1, {"streamtype": "error", "port": "80"}),
        Data(1, b"abc"),
        Control(spdy.SYN_STREAM, 3, {"streamtype": "data", "port": "80"}, fin=True),
        Data(3, b"", fin=True),
        Control(spdy.PING, value=7),
        Control(spdy.RST_STREAM, 3, value=5),
    ]
    assert through(*frames) == expected
    assert through(*frames, step=1000) == expected


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x80\x02\x00\x06\x00\x00\x00\x04\x00\x00\x00\x01", "version 2"),
        (b"\x80\x03\x00\x06\x00\x00\x00\x00", "too short"),
        (b"\x80\x03\x00\x01\x00\x00\x00\x0eaaaaaaaaaabbbb", "headers"),
        (b"\x80\x03\x00\x01\x00\xff\xff\xff", "a frame of"),
        (b"\x00\x00\x00\x01\x00\xff\xff\xff", "a frame of"),
    ],
)
def test_nonsense_is_an_error(data: bytes, why: str) -> None:
    with pytest.raises(SpdyError, match=why):
        through(data, step=len(data))


def test_headers_that_unpack_to_too_much_are_an_error() -> None:
    bomb = Codec().syn_stream(1, {"x": "0" * 200_000})
    assert len(bomb) < 10_000
    with pytest.raises(SpdyError, match="without end"):
        through(bomb, step=len(bomb))


def test_settings_and_windows_mean_nothing_here() -> None:
    settings = b"\x80\x03\x00\x04\x00\x00\x00\x04\x00\x00\x00\x00"
    window = b"\x80\x03\x00\x09\x00\x00\x00\x08\x00\x00\x00\x01\x00\x00\x10\x00"
    assert through(settings, window, ping_frame(1)) == [Control(spdy.PING, value=1)]


async def test_a_session_answers_streams_and_pings() -> None:
    writer = Codec()
    made, line = await session(writer.syn_stream(1, {"a": "b"}), ping_frame(9), data_frame(1, b"hi", fin=True), None)
    await made.pump()
    streams = [stream async for stream in made.opened()]
    assert [one.headers for one in streams] == [{"a": "b"}]
    assert line.sent[0] == Control(spdy.SYN_REPLY, 1, {})
    assert line.sent[1] == Control(spdy.PING, value=9)
    assert [await streams[0].read(), await streams[0].read()] == [b"hi", b""]


async def test_what_nobody_reads_any_more_holds_nothing_up() -> None:
    writer = Codec()
    flood: Iterable[bytes] = [data_frame(1, b"x") for _ in range(500)]
    made, line = await session(writer.syn_stream(1, {}), *flood)
    pumping = asyncio.ensure_future(made.pump())
    stream = await anext(made.opened())
    await settle()  # until the stream holds all that it can
    assert line.to_server.qsize() > 0
    await stream.end()
    line.to_server.put_nowait(writer.syn_stream(3, {"next": "1"}))
    line.to_server.put_nowait(None)
    await asyncio.wait_for(pumping, 5)
    assert (await anext(made.opened())).headers == {"next": "1"}


async def test_a_reset_ends_a_stream_and_a_wrong_number_the_connection() -> None:
    writer = Codec()
    made, line = await session(
        writer.syn_stream(5, {}), reset_frame(5, spdy.CANCEL), writer.syn_stream(5, {}), writer.syn_stream(7, {})
    )
    await made.pump()
    streams = [stream async for stream in made.opened()]
    assert len(streams) == 1
    assert await streams[0].read() == b""
    with pytest.raises(Gone):
        await streams[0].write(b"late")
    assert not line.is_open
