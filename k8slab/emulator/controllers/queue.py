"""Work queues: keys are deduplicated, worked on by the event loop a slice at a time, retried with back-off.

All queues of one `Turns` share one ready list, so a cascade (Deployment, ReplicaSet, Pod) runs through in one turn of
the loop instead of one turn per hop, and still lets requests in between slices."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from k8slab.emulator.clock import Clock, Timer
from k8slab.emulator.status import ApiError

log = logging.getLogger(__name__)

SLICE = 24  # keys worked on before the loop may serve others
FIRST_RETRY, LAST_RETRY = 0.005, 60.0
LEAST_WAIT = 0.001  # a rest of less than the clock can tell apart would be asked for again and again
Reconcile = Callable[[str], None]


@dataclass
class Turns:
    """The ready list that queues share. `stop` drops everything that waits."""

    clock: Clock
    _ready: deque[tuple[WorkQueue, str]] = field(default_factory=deque)
    _scheduled: bool = False
    _stopped: bool = False

    def put(self, queue: WorkQueue, key: str) -> None:
        if self._stopped:
            return
        self._ready.append((queue, key))
        self._wake()

    def stop(self) -> None:
        self._stopped = True
        self._ready.clear()

    def _wake(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._run)

    def _run(self) -> None:
        self._scheduled = False
        for _ in range(min(SLICE, len(self._ready))):
            if not self._ready:
                break
            queue, key = self._ready.popleft()
            queue.work(key)
        if self._ready:
            self._wake()


class WorkQueue:
    """`add` says that a key may need work; `reconcile(key)` does it. An error is retried later, and later still."""

    def __init__(self, turns: Turns, name: str, reconcile: Reconcile) -> None:
        self._turns = turns
        self._name = name
        self._reconcile = reconcile
        self._waiting: set[str] = set()
        self._failures: dict[str, int] = {}
        self._timers: dict[str, tuple[float, Timer]] = {}

    def add(self, key: str) -> None:
        if key not in self._waiting:
            self._waiting.add(key)
            self._turns.put(self, key)

    def add_after(self, key: str, seconds: float) -> None:
        """Adds the key later; of several such requests the earliest stays."""
        if seconds <= 0:
            self.add(key)
            return
        seconds = max(seconds, LEAST_WAIT)
        due = self._turns.clock.now() + seconds
        pending = self._timers.get(key)
        if pending is not None:
            if pending[0] <= due:
                return
            pending[1].cancel()
        self._timers[key] = (due, self._turns.clock.call_later(seconds, lambda: self._due(key)))

    def stop(self) -> None:
        for _, timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._waiting.clear()

    def work(self, key: str) -> None:
        self._waiting.discard(key)
        try:
            self._reconcile(key)
        except ApiError as error:
            log.debug("%s %s: %s", self._name, key, error.message)
            self._retry(key)
        except Exception:
            log.exception("%s %s failed", self._name, key)
            self._retry(key)
        else:
            self._failures.pop(key, None)

    def _due(self, key: str) -> None:
        self._timers.pop(key, None)
        self.add(key)

    def _retry(self, key: str) -> None:
        count = self._failures.get(key, 0)
        self._failures[key] = count + 1
        self.add_after(key, min(LAST_RETRY, FIRST_RETRY * 2**count))
