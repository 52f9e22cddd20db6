"""What happens in one moment leaves as one message: a rollout of three pods is thirty changes, and each message through
Redis costs more than all of them in one.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from .messages import ToPage

MOMENT = 0.02  # seconds that a first message waits for others


@dataclass
class Batch:
    """Messages for one place, in their order."""

    where: str
    to_group: bool
    messages: list[ToPage] = field(default_factory=list)


class Batches:
    """A queue that gathers. A page's messages keep their order: nothing for a group is put before a snapshot that was
    put in earlier, since that page hears both.
    """

    def __init__(self) -> None:
        self._batches: list[Batch] = []
        self._open: dict[str, Batch] = {}  # groups whose last batch may still take more
        self._some = asyncio.Event()

    def to_group(self, group: str, message: ToPage) -> None:
        batch = self._open.get(group)
        if batch is None:
            batch = self._open[group] = Batch(group, to_group=True)
            self._batches.append(batch)
        batch.messages.append(message)
        self._some.set()

    def to_channel(self, channel: str, message: ToPage) -> None:
        self._open.clear()
        self._batches.append(Batch(channel, to_group=False, messages=[message]))
        self._some.set()

    async def next(self) -> list[Batch]:
        """Waits for the first, then a moment for those that come with it."""
        await self._some.wait()
        await asyncio.sleep(MOMENT)
        batches, self._batches = self._batches, []
        self._open.clear()
        self._some.clear()
        return batches
