"""A session's output: what was written, how much of it the page has, and when a writer must wait or be cut."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from .streams import Stop

KEPT = 256 * 1024  # characters that a page which comes back is given
AHEAD = 64 * 1024  # characters that may wait for the page; then the writer waits
ALLOWANCE = 1024 * 1024  # characters that a command may write at once …
REFILL = 64 * 1024  # … and how many more each second


class Flooded(Exception):
    """The command has written more than anybody reads."""


class Scrollback:
    """Thread-safe. `woken` is called, from the writer's thread, when there is something to send."""

    def __init__(self, woken: Callable[[], None]) -> None:
        self._woken = woken
        self._room = threading.Condition()
        self._pieces: deque[str] = deque()
        self._size = 0  # of all pieces
        self._end = 0
        self._sent = 0
        self._allowance = float(ALLOWANCE)
        self._seen_at = time.monotonic()

    @property
    def end(self) -> int:
        return self._end

    def begin_command(self) -> None:
        self._allowance = float(ALLOWANCE)

    def write(self, text: str, stop: Stop | None = None) -> None:
        """With `stop` as a command's: waits for the page to keep up. Raises Flooded."""
        if stop is not None:
            self._wait(stop)
            self._spend(len(text))
        with self._room:
            self._end += len(text)
            self._keep(text)
        self._woken()

    def _keep(self, text: str) -> None:
        self._pieces.append(text[-KEPT:])
        self._size += len(self._pieces[-1])
        while self._size - len(self._pieces[0]) >= KEPT:
            self._size -= len(self._pieces.popleft())

    def _wait(self, stop: Stop) -> None:
        with self._room:
            while self._end - self._sent > AHEAD:
                stop.check()
                self._room.wait(0.25)
        stop.check()

    def _spend(self, characters: int) -> None:
        now = time.monotonic()
        self._allowance = min(ALLOWANCE, self._allowance + (now - self._seen_at) * REFILL) - characters
        self._seen_at = now
        if self._allowance < 0:
            raise Flooded

    def since(self, seen: int) -> tuple[str, int, bool]:
        """(text, its end, whether it joins on to what was seen)."""
        with self._room:
            missing = self._end - seen
            joined = 0 <= missing <= self._size
            return self._last(missing if joined else KEPT), self._end, joined

    def _last(self, count: int) -> str:
        found: list[str] = []
        for piece in reversed(self._pieces):
            if count <= 0:
                break
            found.append(piece[-count:])
            count -= len(piece)
        return "".join(reversed(found))

    def sent(self, at: int) -> None:
        with self._room:
            self._sent = at
            self._room.notify_all()

    def clear(self) -> None:
        """Nothing of before is shown again. Counting goes on."""
        with self._room:
            self._pieces.clear()
            self._size = 0
