"""Gathers the many small changes of a moment into one call per namespace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

Kind = tuple[str, str]

QUIET = 0.04  # seconds without a change until the gathered ones are handed on
AT_MOST = 0.2  # seconds that a first change waits while others keep coming


class Debounce:
    """Args: `hand_on(namespace, kinds)` is called in the event loop; it must not block."""

    def __init__(self, hand_on: Callable[[str, frozenset[Kind]], None]) -> None:
        self._hand_on = hand_on
        self._kinds: dict[str, set[Kind]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._first: dict[str, float] = {}

    def changed(self, namespace: str, kind: Kind) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._kinds.setdefault(namespace, set()).add(kind)
        latest = self._first.setdefault(namespace, now) + AT_MOST
        if namespace in self._timers:
            self._timers[namespace].cancel()
        self._timers[namespace] = loop.call_at(min(now + QUIET, latest), self._fire, namespace)

    def _fire(self, namespace: str) -> None:
        kinds = frozenset(self._kinds.pop(namespace))
        del self._timers[namespace], self._first[namespace]
        self._hand_on(namespace, kinds)
