"""One HTTP request, as the handlers read it, and the answers that they give."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson

from k8slab.emulator.calls import ANONYMOUS, User
from k8slab.emulator.schema import Schema
from k8slab.emulator.status import ApiError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LARGEST_BODY = 3 * 1024 * 1024
JSON = b"application/json"


class Gone(Exception):
    """The client went away."""


class PlainRefusal(ApiError):
    """Said by a kubelet: plain words, where the API server itself answers a Status."""


@dataclass(slots=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    pairs: list[tuple[str, str]]  # headers that may be there more than once
    repeated: list[tuple[str, str]]  # the query, in order
    receive: Receive
    send: Send
    client: tuple[str, int] | None = None
    server: tuple[str, int] | None = None
    accepted: bool = False  # the upgrade: no error can be answered any more
    kind: str = "http"  # or what the connection is upgraded to: websocket, spdy
    schema: Schema | None = None  # for bodies in protobuf
    user: User = ANONYMOUS
    warnings: list[str] = field(default_factory=list)

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() in ("1", "true")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.repeated if key == name]

    async def body(self) -> bytes:
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise Gone
            part = message.get("body", b"")
            size += len(part)
            if size > LARGEST_BODY:
                text = f"Request entity too large: limit is {LARGEST_BODY}"
                raise ApiError(413, "RequestEntityTooLarge", text, {})
            parts.append(part)
            more = message.get("more_body", False)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def answer(self, body: bytes, status: int = 200, content_type: bytes = JSON) -> None:
        headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
        headers += [(b"warning", _warning(text)) for text in self.warnings]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    async def answer_json(self, value: Any, status: int = 200) -> None:
        await self.answer(orjson.dumps(value), status)

    async def answer_text(self, text: str, status: int = 200) -> None:
        await self.answer(text.encode(), status, b"text/plain; charset=utf-8")

    async def start_stream(self, content_type: bytes) -> None:
        headers = [(b"content-type", content_type), *((b"warning", _warning(text)) for text in self.warnings)]
        await self.send({"type": "http.response.start", "status": 200, "headers": headers})

    async def stream(self, part: bytes, more: bool = True) -> None:
        await self.send({"type": "http.response.body", "body": part, "more_body": more})


def _warning(text: str) -> bytes:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'299 - "{quoted}"'.encode()


def make_request(scope: Message, receive: Receive, send: Send) -> Request:
    repeated = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    pairs = [(name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in scope["headers"]]
    method = scope.get("method", "GET")
    ends = scope.get("client"), scope.get("server")
    return Request(
        method, scope["path"], _first(repeated), dict(pairs), pairs, repeated, receive, send, *ends, kind=scope["type"]
    )


def _first(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return found
