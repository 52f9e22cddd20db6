"""HTTP connections that may become SPDY/3.1. The application sees them like websockets, with `spdy` for their name."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from k8slab.emulator.later import later

sockets = later("k8slab.emulator.web.streaming.sockets")
UPGRADE = b"spdy/3.1"
MOST_WAITING = 256 * 1024  # bytes; then the client is not read for a while
Message = MutableMapping[str, Any]


class UpgradingProtocol(HttpToolsProtocol):
    """What uvicorn does, and one upgrade more."""

    def _should_upgrade(self) -> bool:
        return self._get_upgrade() == UPGRADE or super()._should_upgrade()

    def handle_websocket_upgrade(self) -> None:
        if self._get_upgrade() != UPGRADE:
            super().handle_websocket_upgrade()
            return
        self.connections.discard(self)
        path, _, query = self.url.partition(b"?")
        scope = {**self.scope, "type": "spdy", "path": unquote(path.decode("latin-1")), "query_string": query}
        spdy = SpdyConnection(self, scope)
        self.transport.set_protocol(spdy)
        spdy.start()


def open_socket(**given: Any) -> Any:
    """A connection that becomes a websocket, made as uvicorn makes one."""
    return sockets.SocketProtocol(**given)


class SpdyConnection(asyncio.Protocol):
    def __init__(self, before: HttpToolsProtocol, scope: Message) -> None:
        self._app, self._loop = before.app, before.loop
        self._connections, self._tasks = before.server_state.connections, before.server_state.tasks
        self._default_headers = before.server_state.default_headers
        self._transport, self._scope = before.transport, scope
        self._flow = FlowControl(before.transport)
        self._came: asyncio.Queue[Message] = asyncio.Queue()
        self._waiting = 0

    def start(self) -> None:
        self._connections.add(self)  # type: ignore[arg-type]  # the server shuts it down like those that it knows
        self._came.put_nowait({"type": "spdy.connect"})
        task = self._loop.create_task(self._run())
        task.add_done_callback(self._tasks.discard)
        self._tasks.add(task)

    async def _run(self) -> None:
        try:
            await self._app(self._scope, self._receive, self._send)
        finally:
            self._transport.close()

    # What the loop calls

    def data_received(self, data: bytes) -> None:
        self._waiting += len(data)
        if self._waiting > MOST_WAITING:
            self._flow.pause_reading()
        self._came.put_nowait({"type": "spdy.receive", "bytes": data})

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self._flow.resume_writing()
        self._came.put_nowait({"type": "spdy.disconnect"})

    def pause_writing(self) -> None:
        self._flow.pause_writing()

    def resume_writing(self) -> None:
        self._flow.resume_writing()

    def shutdown(self) -> None:
        """The server stops."""
        self._transport.close()

    # What the application calls

    async def _receive(self) -> Message:
        message = await self._came.get()
        self._waiting -= len(message.get("bytes", b""))
        if self._waiting <= MOST_WAITING:
            self._flow.resume_reading()
        return message

    async def _send(self, message: Message) -> None:
        kind = message["type"].removeprefix("spdy.")
        if self._transport.is_closing():
            raise OSError("the client has left")
        if kind == "accept":
            self._accept(message.get("subprotocol"))
        elif kind == "send":
            self._transport.write(message["bytes"])
            await self._flow.drain()
        elif kind == "http.response.start":
            self._write_head(
                message["status"], [*self._default_headers, *message["headers"], (b"connection", b"close")]
            )
        elif kind == "http.response.body":
            self._transport.write(message["body"])
        elif kind == "close":
            self._transport.close()

    def _accept(self, protocol: str | None) -> None:
        headers = [(b"Connection", b"Upgrade"), (b"Upgrade", b"SPDY/3.1")]
        if protocol:
            headers.append((b"X-Stream-Protocol-Version", protocol.encode()))
        self._write_head(101, headers)

    def _write_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        self._transport.write(STATUS_LINE[status] + lines + b"\r\n")
