"""Messages leave a process through one event loop in a thread of its own: requests and tasks do not wait for Redis, one
connection serves them all, and what is put in first arrives first.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
LONGEST = 5000  # messages that wait for a Redis that is away; older ones are dropped, pages heal by asking

Letter = tuple[str, dict[str, Any]]  # group, event


class Outbox:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._letters: asyncio.Queue[Letter]

    def put(self, group: str, event: dict[str, Any]) -> None:
        """Never blocks, never raises."""
        loop = self._running_loop()
        loop.call_soon_threadsafe(self._enqueue, (group, event))

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._letters = asyncio.Queue()
                threading.Thread(target=self._loop.run_until_complete, args=(self._deliver(),), daemon=True).start()
            return self._loop

    def _enqueue(self, letter: Letter) -> None:
        if self._letters.qsize() >= LONGEST:
            self._letters.get_nowait()
        self._letters.put_nowait(letter)

    async def _deliver(self) -> None:
        while True:
            group, event = await self._letters.get()
            try:
                await get_channel_layer().group_send(group, event)
            except (RedisError, OSError) as error:
                log.warning("could not tell the pages of %s: %s", group, error)
