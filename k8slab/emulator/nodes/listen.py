"""What simulated servers have in common: they take a port, answer requests, and log them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from k8slab.emulator.nodes.network import Request, Response
from k8slab.emulator.nodes.process import Box, Process, forever

Answer = Callable[[Request], Awaitable[Response]]
PHRASES = {200: "OK", 204: "No Content", 301: "Moved Permanently", 302: "Found", 400: "Bad Request", 403: "Forbidden",
           404: "Not Found", 405: "Method Not Allowed", 500: "Internal Server Error", 502: "Bad Gateway",
           503: "Service Unavailable", 504: "Gateway Timeout", 308: "Permanent Redirect",
           413: "Content Too Large"}  # fmt: skip


class HttpServer:
    greeting = b""

    def __init__(self, box: Box, answer: Answer) -> None:
        self.box, self._answer = box, answer

    async def answer(self, request: Request) -> Response | None:
        return await self._answer(request)

    async def talk(self, data: bytes) -> bytes:
        """Raw bytes on a plain connection: a request line and headers."""
        line, _, _ = data.partition(b"\n")
        parts = line.decode(errors="replace").split()
        if len(parts) < 2:
            return render(Response(400, b"Bad Request\n"))
        return render(await self._answer(Request(parts[0], parts[1])))


class TcpServer:
    """A server of another protocol: it greets, and answers what its function says."""

    def __init__(self, box: Box, greeting: bytes, talk: Callable[[bytes], bytes]) -> None:
        self.box, self.greeting, self._talk = box, greeting, talk

    async def answer(self, request: Request) -> Response | None:
        return None

    async def talk(self, data: bytes) -> bytes:
        return self._talk(data)


def render(response: Response) -> bytes:
    lines = [f"HTTP/1.1 {response.status} {PHRASES.get(response.status, '')}".rstrip()]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + response.body


def http_date(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


def log_date(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")


async def serve(process: Process, port: int, answer: Answer, taken: str) -> int:
    """Listens until it is killed; `taken` is what it says when the port is in use."""
    server = HttpServer(process.box, answer)
    if not process.box.host.listen(port, server):
        await process.err(taken + "\n")
        return 1
    try:
        return await forever()
    finally:
        process.box.host.stop_listening(port, server)
