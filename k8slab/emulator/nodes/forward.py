"""A forwarded connection: bytes of a real client, brought to a simulated server and back."""

from __future__ import annotations

import re

from k8slab.emulator.nodes.listen import render
from k8slab.emulator.nodes.network import Host, Refused, Request, Response, Server
from k8slab.emulator.nodes.streams import Pipe
from k8slab.emulator.status import ApiError

METHODS = tuple(f"{name} ".encode() for name in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
HEAD_END = b"\r\n\r\n"
MAX_HELD = 16 * 1024 * 1024  # of one request that has not come to its end


class TooLarge(Exception):
    """A request that is longer than what is held."""


class Forwarded:
    """Implements `ports.Connection`. HTTP requests are answered one after the other, as on a kept connection; what is
    not HTTP goes to the server as it comes."""

    def __init__(self, host: Host, port: int, server: Server) -> None:
        self._host, self._port, self._server = host, port, server
        self._held = b""
        self._answers = Pipe()

    async def begin(self) -> None:
        await self._answers.write(self._server.greeting)

    async def read(self) -> bytes:
        return await self._answers.read()

    async def write(self, data: bytes) -> None:
        if self._host.ports.get(self._port) is not self._server:
            self._answers.end()  # its process has ended meanwhile
            return
        self._held += data
        try:
            while self._held and await self._take_one():
                pass
        except TooLarge:
            await self._answers.write(render(Response(413, headers={"Connection": "close"})))
            self._answers.end()

    def close(self) -> None:
        self._answers.end()
        self._answers.stop_reading()

    async def _take_one(self) -> bool:
        """Answers the first whole request of what is held; False where more must come first."""
        if any(method.startswith(self._held) for method in METHODS):
            return False  # too short to tell
        if not self._held.startswith(METHODS):
            data, self._held = self._held, b""
            await self._answers.write(await self._server.talk(data))
            return False
        head, end, rest = self._held.partition(HEAD_END)
        found = _body(_headers(head), rest) if end else None
        if found is None:
            if len(self._held) > MAX_HELD:
                raise TooLarge
            return False
        body, after = found
        whole, self._held = self._held[: len(self._held) - len(after)], after
        await self._answer(head, body, whole)
        return True

    async def _answer(self, head: bytes, body: bytes, whole: bytes) -> None:
        line, _, _ = head.partition(b"\r\n")
        method, path, version = [*line.decode(errors="replace").split(), "", "", ""][:3]
        headers = _headers(head)
        response = await self._server.answer(Request(method, path, headers, body, "127.0.0.1", self._port))
        if response is None:
            await self._answers.write(await self._server.talk(whole))
            return
        named = {name.lower() for name in response.headers}
        if "content-length" not in named:
            length = {"Content-Length": str(len(response.body))}
            response = Response(response.status, response.body, {**response.headers, **length})
        if method == "HEAD":
            response = Response(response.status, b"", response.headers)
        await self._answers.write(render(response))
        if version == "HTTP/1.0" or _value(headers, "connection").lower() == "close":
            self._answers.end()


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _value(headers: dict[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")


def _body(headers: dict[str, str], rest: bytes) -> tuple[bytes, bytes] | None:
    """The request's body and what comes after it; None where it is not whole yet."""
    if "chunked" in _value(headers, "transfer-encoding").lower():
        return _chunks(rest)
    text = _value(headers, "content-length")
    length = int(text) if text.isdigit() else 0
    return (rest[:length], rest[length:]) if len(rest) >= length else None


def _chunks(rest: bytes) -> tuple[bytes, bytes] | None:
    body = b""
    while True:
        line, end, after = rest.partition(b"\r\n")
        if not end:
            return None
        size = _hexadecimal(line.partition(b";")[0])
        if len(after) < size + 2:
            return None
        if size == 0:
            return body, after[2:]
        body, rest = body + after[:size], after[size + 2 :]


def _hexadecimal(text: bytes) -> int:
    """A chunk's size; nonsense ends the body."""
    return int(text, 16) if re.fullmatch(rb"\s*[0-9a-fA-F]{1,8}\s*", text) else 0


async def forward(host: Host, port: int, uid: str) -> Forwarded:
    """A connection to localhost inside the pod."""
    try:
        server = host.network.connect(host, "127.0.0.1", port)
    except Refused as error:
        why = (
            f"error forwarding port {port} to pod {uid}, uid : "
            f'failed to execute portforward in network namespace "{uid}": '
            f'failed to connect to localhost:{port} inside namespace "{uid}", '
            f"IPv4: dial tcp4 127.0.0.1:{port}: connect: connection refused "
            f"IPv6 dial tcp6 [::1]:{port}: connect: connection refused "
        )
        raise ApiError(500, "InternalError", why) from error
    made = Forwarded(host, port, server)
    await made.begin()
    return made
