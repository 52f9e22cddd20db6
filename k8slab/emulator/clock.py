"""The emulator's only door to time: no other module reads a clock or sleeps, so tests run minutes in milliseconds."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

log = logging.getLogger(__name__)
RESOLUTION = 0.001  # a loop may wake a little too early
FEWEST_TO_SIFT = 1024  # timers that wait, before those that were cancelled are looked for


class Timer(Protocol):
    def cancel(self) -> None: ...


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch."""

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer: ...

    async def sleep(self, seconds: float) -> None: ...

    async def advance(self, seconds: float) -> None:
        """Moves time on; what becomes due meanwhile happens in order."""


def timestamp(seconds: float) -> str:
    """RFC 3339 in whole seconds, as metav1.Time is written: `2026-01-31T12:00:00Z`."""
    return _whole(math.floor(seconds))


@lru_cache(maxsize=64)
def _whole(seconds: int) -> str:
    """A busy second is written thousands of times."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def micro_timestamp(seconds: float) -> str:
    """RFC 3339 with six decimals, as metav1.MicroTime is written."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class _Timer:
    __slots__ = ("callback", "cancelled")

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class RealClock:
    """Wall time, on the running event loop. `advance` moves it on: what becomes due meanwhile happens, in order.

    Timers are kept by the loop's monotonic time plus all that was skipped; one timer of the loop wakes for the first.
    """

    def __init__(self, skipped: float = 0.0) -> None:
        self.skipped = skipped
        self._due: list[tuple[float, int, _Timer]] = []
        self._order = itertools.count()
        self._wake: asyncio.TimerHandle | None = None

    def now(self) -> float:
        return time.time() + self.skipped

    def _reading(self) -> float:
        return asyncio.get_running_loop().time() + self.skipped

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        timer, when = _Timer(callback), self._reading() + max(0.0, seconds)
        first = not self._due or when < self._due[0][0]
        heapq.heappush(self._due, (when, next(self._order), timer))
        if first:
            self._set_wake()
        return timer

    def _set_wake(self) -> None:
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        while self._due and self._due[0][2].cancelled:
            heapq.heappop(self._due)
        if self._due:
            loop = asyncio.get_running_loop()
            self._wake = loop.call_at(self._due[0][0] - self.skipped, self._run)

    def _run(self) -> None:
        self._wake = None
        now = self._reading() + RESOLUTION
        while self._due and self._due[0][0] <= now:
            _, _, timer = heapq.heappop(self._due)
            if not timer.cancelled:
                try:
                    timer.callback()
                except Exception:  # as a loop does: one callback's fault does not stop the clock
                    log.exception("a timer")
        if len(self._due) > FEWEST_TO_SIFT and sum(one[2].cancelled for one in self._due) * 2 > len(self._due):
            self._due = [one for one in self._due if not one[2].cancelled]
            heapq.heapify(self._due)
        self._set_wake()

    async def sleep(self, seconds: float) -> None:
        awake = asyncio.get_running_loop().create_future()
        timer = self.call_later(seconds, lambda: _wake(awake))
        try:
            await awake
        finally:
            timer.cancel()

    async def advance(self, seconds: float) -> None:
        """Moves time on; after each due callback, lets what it woke run."""
        end = self._reading() + seconds
        while self._due and self._due[0][0] <= end:
            self.skipped += max(0.0, self._due[0][0] - self._reading())
            self._run()
            await settle()
        self.skipped += max(0.0, end - self._reading())
        self._set_wake()


class FakeClock:
    """Time that stands still until `advance` moves it; due callbacks run in order."""

    def __init__(self, start: float = 1_767_225_600.0) -> None:  # 2026-01-01T00:00:00Z
        self._now = start
        self._due: list[tuple[float, int, _Timer]] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self._now

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        timer = _Timer(callback)
        heapq.heappush(self._due, (self._now + max(0.0, seconds), next(self._order), timer))
        return timer

    async def sleep(self, seconds: float) -> None:
        awake = asyncio.get_running_loop().create_future()
        self.call_later(seconds, lambda: _wake(awake))
        await awake

    async def advance(self, seconds: float) -> None:
        """Moves time on; after each due callback, lets what it woke run."""
        end = self._now + seconds
        while self._due and self._due[0][0] <= end:
            when, _, timer = heapq.heappop(self._due)
            self._now = max(self._now, when)
            if not timer.cancelled:
                timer.callback()
                await settle()
        self._now = end
        await settle()


def _wake(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)


async def settle(turns: int = 20) -> None:
    """Lets tasks that are ready run, without letting time pass."""
    for _ in range(turns):
        await asyncio.sleep(0)
