"""A client that costs less than the server it measures: raw HTTP/1.1 over a few connections that stay open."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@dataclass
class Tally:
    done: int = 0
    refused: int = 0
    first_refusal: bytes = b""
    taken: list[float] = field(default_factory=list)


class Connection(asyncio.Protocol):
    """Sends the next request when the answer to the last is complete."""

    def __init__(self, make: Callable[[], bytes], tally: Tally, until: float) -> None:
        self._make = make
        self._tally = tally
        self._until = until
        self._buffer = b""
        self._sent = 0.0
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.finished.done():
            self.finished.set_exception(ConnectionError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not separator or (length and len(body) < int(length[1])):
            return
        if not length:
            raise ValueError(f"an answer without a length cannot be followed by another: {head!r}")
        self._count(head, body)
        self._buffer = b""
        self._send()

    def _count(self, head: bytes, body: bytes) -> None:
        self._tally.taken.append(time.perf_counter() - self._sent)
        self._tally.done += 1
        if head[9:10] != b"2":
            self._tally.refused += 1
            self._tally.first_refusal = self._tally.first_refusal or head + b"\r\n\r\n" + body

    def _send(self) -> None:
        self._sent = time.perf_counter()
        if self._sent > self._until:
            self.finished.set_result(None)
            self._transport.close()
        else:
            self._transport.write(self._make())


def saturate(port: int, make: Callable[[], bytes], seconds: float = 3.0, connections: int = 16) -> float:
    """Answers per second of a server that is never idle. Refusals are an error: they are cheap and would flatter."""
    return asyncio.run(_saturate(port, make, seconds, connections))


async def _saturate(port: int, make: Callable[[], bytes], seconds: float, connections: int) -> float:
    tally = Tally()
    began = time.perf_counter()
    loop = asyncio.get_running_loop()
    pairs = [
        await loop.create_connection(lambda: Connection(make, tally, began + seconds), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(connection.finished for _, connection in pairs))
    if tally.refused:
        raise RuntimeError(f"{tally.refused} of {tally.done} requests were refused:\n{tally.first_refusal.decode()}")
    return tally.done / (time.perf_counter() - began)
