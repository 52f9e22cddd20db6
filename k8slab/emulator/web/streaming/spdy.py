"""SPDY/3.1 frames, as far as Kubernetes' streams use them: bytes in, frames out, and back. No input or output here."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

VERSION = 3
SYN_STREAM, SYN_REPLY, RST_STREAM, SETTINGS, PING, GOAWAY, HEADERS, WINDOW_UPDATE = 1, 2, 3, 4, 6, 7, 8, 9
FIN = 0x01
PROTOCOL_ERROR, INVALID_STREAM, REFUSED_STREAM, CANCEL = 1, 2, 3, 5
LARGEST_CONTROL = 64 * 1024  # of a frame that carries headers
LARGEST_HEADERS = 64 * 1024  # of what it unpacks to
LARGEST_DATA = 4 * 1024 * 1024

# The protocol's own dictionary: words with their length before each, then text.
_WORDS = """options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age
allow authorization cache-control connection content-base content-encoding content-language content-length
content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since
if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate
proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning
www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin"""
_TEXT = (
    b"100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
    b"203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden"
    b"404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable"
    b"Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT"
    b"chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,"
    b"publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
)
DICTIONARY = (
    b"".join(
        struct.pack(">I", len(word)) + word for word in (text.replace("_", " ").encode() for text in _WORDS.split())
    )
    + _TEXT
)


class SpdyError(Exception):
    """The other side does not speak SPDY/3.1; the connection is of no use any more."""


@dataclass(frozen=True, slots=True)
class Data:
    stream: int
    data: bytes
    fin: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """A control frame. `value` is what its kind holds: a reset's status, a ping's number."""

    kind: int
    stream: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    fin: bool = False
    value: int = 0


Frame = Data | Control


class Codec:
    """One side of one connection: header blocks share their compression from the first to the last."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._inflate = zlib.decompressobj(zdict=DICTIONARY)
        self._deflate = zlib.compressobj(zlib.Z_BEST_SPEED, zlib.DEFLATED, zlib.MAX_WBITS, zdict=DICTIONARY)

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that are whole now. Kinds that mean nothing here (settings, windows) are left out."""
        self._held += data
        while len(self._held) >= 8:
            length = int.from_bytes(self._held[5:8])
            is_control = bool(self._held[0] & 0x80)
            if length > (LARGEST_CONTROL if is_control else LARGEST_DATA):
                raise SpdyError(f"a frame of {length} bytes")
            if len(self._held) < 8 + length:
                return
            head, body = bytes(self._held[:8]), bytes(self._held[8 : 8 + length])
            del self._held[: 8 + length]
            frame = self._control(head, body) if is_control else _data(head, body)
            if frame is not None:
                yield frame

    def _control(self, head: bytes, body: bytes) -> Control | None:
        version, kind = struct.unpack(">HH", head[:4])
        if version & 0x7FFF != VERSION:
            raise SpdyError(f"version {version & 0x7FFF}")
        fin = bool(head[4] & FIN)
        if kind in (SYN_STREAM, SYN_REPLY, HEADERS):
            start = 10 if kind == SYN_STREAM else 4
            return Control(kind, _number(body, 0) & 0x7FFFFFFF, self._headers(body[start:]), fin)
        if kind == RST_STREAM:
            return Control(kind, _number(body, 0) & 0x7FFFFFFF, value=_number(body, 4))
        if kind in (PING, GOAWAY):
            return Control(kind, value=_number(body, 0))
        return None

    def _headers(self, block: bytes) -> dict[str, str]:
        try:
            raw = self._inflate.decompress(block, LARGEST_HEADERS)
        except zlib.error as error:
            raise SpdyError(f"headers: {error}") from error
        if self._inflate.unconsumed_tail:
            raise SpdyError("headers without end")
        found, place = {}, 4
        for _ in range(_number(raw, 0)):
            name, place = _text(raw, place)
            found[name.lower()], place = _text(raw, place)
        return found

    def syn_stream(self, stream: int, headers: Mapping[str, str], *, fin: bool = False) -> bytes:
        body = struct.pack(">IIH", stream, 0, 0) + self._block(headers)
        return _framed(SYN_STREAM, body, FIN if fin else 0)

    def syn_reply(self, stream: int) -> bytes:
        return _framed(SYN_REPLY, struct.pack(">I", stream) + self._block({}))

    def _block(self, headers: Mapping[str, str]) -> bytes:
        raw = struct.pack(">I", len(headers))
        for part in (text.encode() for pair in headers.items() for text in pair):
            raw += struct.pack(">I", len(part)) + part
        return self._deflate.compress(raw) + self._deflate.flush(zlib.Z_SYNC_FLUSH)


def data_frame(stream: int, data: bytes, *, fin: bool = False) -> bytes:
    return struct.pack(">II", stream, (FIN if fin else 0) << 24 | len(data)) + data


def reset_frame(stream: int, status: int) -> bytes:
    return _framed(RST_STREAM, struct.pack(">II", stream, status))


def ping_frame(number: int) -> bytes:
    return _framed(PING, struct.pack(">I", number))


def goaway_frame(last_stream: int) -> bytes:
    return _framed(GOAWAY, struct.pack(">II", last_stream, 0))


def _framed(kind: int, body: bytes, flags: int = 0) -> bytes:
    return struct.pack(">HHI", 0x8000 | VERSION, kind, flags << 24 | len(body)) + body


def _data(head: bytes, body: bytes) -> Data:
    return Data(_number(head, 0), body, bool(head[4] & FIN))


def _number(body: bytes, place: int) -> int:
    if len(body) < place + 4:
        raise SpdyError("a frame that is too short")
    return int.from_bytes(body[place : place + 4])


def _text(raw: bytes, place: int) -> tuple[str, int]:
    end = place + 4 + _number(raw, place)
    if end > len(raw):
        raise SpdyError("a header that is too short")
    return raw[place + 4 : end].decode("utf-8", "replace"), end
