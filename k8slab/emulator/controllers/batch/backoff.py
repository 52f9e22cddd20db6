"""How long a Job waits before it replaces a failed pod: longer with each failure since the last success."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.times import parse_timestamp
from k8slab.emulator.ports import Obj

FIRST, LONGEST = 10.0, 600.0


@dataclass(slots=True)
class Backoff:
    failures: int = 0
    last: float = 0.0

    def note(self, succeeded: Iterable[Obj], failed: Iterable[Obj], now: float) -> None:
        endings = [(ended_at(pod, now), True) for pod in succeeded] + [(ended_at(pod, now), False) for pod in failed]
        for when, success in sorted(endings):
            self.failures = 0 if success else self.failures + 1
            self.last = max(self.last, when)

    def wait(self, now: float) -> float:
        if not self.failures:
            return 0.0
        return max(0.0, self.last + delay(self.failures) - now)


def delay(failures: int) -> float:
    return float(min(FIRST * 2 ** (min(failures, 12) - 1), LONGEST))


def ended_at(pod: Obj, now: float) -> float:
    """When its last container ended; else what comes nearest to it."""
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    ends = [str(((s.get("state") or {}).get("terminated") or {}).get("finishedAt") or "") for s in statuses]
    if ends and all(ends):
        return max(parse_timestamp(end) for end in ends)
    if podlib.is_terminating(pod):
        return parse_timestamp(pod["metadata"]["deletionTimestamp"])
    ready = podlib.condition(pod, "Ready")
    since = ready.get("lastTransitionTime") if ready is not None else None
    return parse_timestamp(since) if since else now
