"""The bytes or messages of one upgraded connection, whether it became a websocket or SPDY."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence

from k8slab.emulator.web.request import Gone, Request


class Carrier:
    def __init__(self, request: Request) -> None:
        self._request = request
        self._kind = request.kind  # "websocket" or "spdy": also how its messages are called
        self.is_open = True

    def offered(self) -> Sequence[str]:
        """The protocols that the client speaks, the dearest first."""
        name = "sec-websocket-protocol" if self._kind == "websocket" else "x-stream-protocol-version"
        given = ",".join(value for key, value in self._request.pairs if key == name)
        return [one.strip() for one in given.split(",") if one.strip()]

    async def accept(self, protocol: str | None) -> None:
        await self._request.receive()
        answer: dict[str, object] = {"type": f"{self._kind}.accept", "subprotocol": protocol}
        await self._request.send(answer)
        self._request.accepted = True

    async def receive(self) -> bytes | None:
        """The next message; None when the client has left."""
        message: Mapping[str, object] = await self._request.receive()
        if message["type"] == f"{self._kind}.disconnect":
            self.is_open = False
            return None
        data = message.get("bytes") or str(message.get("text") or "").encode()
        return bytes(data) if isinstance(data, bytes | bytearray) else b""

    async def send(self, data: bytes, *, as_text: bool = False) -> None:
        if not self.is_open:
            raise Gone
        payload: dict[str, object] = {"text": data.decode()} if as_text else {"bytes": data}
        try:
            await self._request.send({"type": f"{self._kind}.send", **payload})
        except (RuntimeError, OSError) as error:  # the client may close first
            self.is_open = False
            raise Gone from error

    async def close(self) -> None:
        if self.is_open:
            self.is_open = False
            with contextlib.suppress(RuntimeError, OSError):
                await self._request.send({"type": f"{self._kind}.close", "code": 1000})
