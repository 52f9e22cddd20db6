"""An HTTP request from inside a pod, as every client makes it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from k8slab.emulator.nodes.network import Request, Response, TimedOut
from k8slab.emulator.nodes.process import Process

CONNECT_SECONDS = 130.0  # what a connection waits for an answer when nobody says how long


class NoName(Exception):
    """The host name has no address."""


class NotHttp(Exception):
    """Something else answers there."""


@dataclass
class Asked:
    """One request and where it went."""

    url: str
    host: str
    port: int
    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    ip: str = ""  # given, or found while fetching


def parse_url(text: str) -> Asked:
    full = text if "://" in text else f"http://{text}"
    parts = urlsplit(full)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Asked(full, parts.hostname or "", port, path)


async def fetch(process: Process, asked: Asked, connect_seconds: float, total_seconds: float) -> Response:
    """Raises NoName, Refused, TimedOut (after the time has passed) or NotHttp."""
    host = process.box.host
    asked.ip = asked.ip or next(iter(host.network.resolve(host, asked.host)), "")
    if not asked.ip:
        raise NoName
    try:
        server = host.network.connect(host, asked.ip, asked.port)
    except TimedOut:
        await process.box.clock.sleep(min(connect_seconds, total_seconds))
        raise
    headers = dict(asked.headers)
    if not any(name.lower() == "host" for name in headers):
        headers = {"Host": asked.host if asked.port in (80, 443) else f"{asked.host}:{asked.port}", **headers}
    source = "127.0.0.1" if asked.ip.startswith("127.") else host.ip
    answering = asyncio.ensure_future(
        server.answer(Request(asked.method, asked.path, headers, asked.body, source, asked.port))
    )
    bell = asyncio.ensure_future(process.box.clock.sleep(total_seconds))
    try:
        await asyncio.wait({answering, bell}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise TimedOut
        response = answering.result()
    finally:
        answering.cancel()
        bell.cancel()
    if response is None:
        raise NotHttp
    return response
