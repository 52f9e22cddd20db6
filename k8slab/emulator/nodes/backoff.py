"""The kubelet's back-off: a key waits twice as long each time, and is forgiven after it was quiet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class _Entry:
    seconds: float
    at: float


class BackOff:
    def __init__(self, first: float, last: float) -> None:
        self._first, self._last = first, last
        self._entries: dict[str, _Entry] = {}

    def seconds(self, key: str) -> float:
        entry = self._entries.get(key)
        return entry.seconds if entry else 0.0

    def left(self, key: str, since: float, now: float) -> float:
        """Seconds that the key must still wait, counted from the event that made it wait."""
        entry = self._entries.get(key)
        if entry is None or now - since > 2 * self._last:
            return 0.0
        return max(0.0, since + entry.seconds - now)

    def next(self, key: str, since: float, now: float) -> None:
        entry = self._entries.get(key)
        if entry is None or now - max(since, entry.at) > 2 * self._last:
            self._entries[key] = _Entry(self._first, now)
        else:
            entry.seconds, entry.at = min(entry.seconds * 2, self._last), now

    def forget(self, prefix: str) -> None:
        for key in [key for key in self._entries if key.startswith(prefix)]:
            del self._entries[key]


def in_words(seconds: float) -> str:
    """As Go prints a duration: 10s, 1m20s, 5m0s."""
    whole = int(seconds)
    minutes, rest = divmod(whole, 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
