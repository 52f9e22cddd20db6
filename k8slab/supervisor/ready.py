"""When is a process ready? Each kind of answer is plain data that knows how to ask, without blocking and without
threads: a process with threads must not fork with code of its own between fork and exec.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

ASKING_TIMEOUT = 2.0


class Ready(Protocol):
    async def holds(self, printed: bytes) -> bool:
        """`printed`: what the process has written so far (its first kilobytes)."""


@dataclass(frozen=True)
class HttpAnswers:
    """Something answers HTTP on the port; with `status`, exactly so."""

    host: str
    port: int
    path: str = "/"
    status: int | None = None

    async def holds(self, printed: bytes) -> bool:
        try:
            async with asyncio.timeout(ASKING_TIMEOUT * 5):
                answer = await self._status()
        except (OSError, TimeoutError, ValueError, IndexError):
            return False
        return answer == self.status if self.status else True

    async def _status(self) -> int:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            request = f"GET {self.path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nConnection: close\r\n\r\n"
            writer.write(request.encode())
            return int((await reader.readline()).split()[1])
        finally:
            writer.close()


@dataclass(frozen=True)
class RedisAnswers:
    url: str

    async def holds(self, printed: bytes) -> bool:
        try:
            async with asyncio.timeout(ASKING_TIMEOUT), Redis.from_url(self.url) as redis:
                return bool(await redis.ping())
        except (RedisError, OSError, TimeoutError):
            return False  # also while it still loads its data


@dataclass(frozen=True)
class WorkerWaits:
    """Some worker hangs on the queue. Asked of Redis, since Celery's own ping takes a second."""

    url: str

    async def holds(self, printed: bytes) -> bool:
        try:
            async with asyncio.timeout(ASKING_TIMEOUT), Redis.from_url(self.url) as redis:
                return any(client.get("cmd") == "brpop" for client in await redis.client_list())
        except (RedisError, OSError, TimeoutError):
            return False


@dataclass(frozen=True)
class Prints:
    text: str

    async def holds(self, printed: bytes) -> bool:
        return self.text.encode() in printed
