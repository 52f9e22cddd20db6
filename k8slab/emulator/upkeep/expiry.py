"""Events are forgotten an hour after they were last written, as a real API server does with --event-ttl."""

from __future__ import annotations

from datetime import datetime

from k8slab.emulator.clock import Timer
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Obj
from k8slab.emulator.store import Logged
from k8slab.emulator.writes.delete import vanish

EVENTS = "events"
SECONDS_KEPT = 3600.0
SWEEP_EVERY = 60.0
Place = tuple[str, str]


class Expiry:
    """Places in the order in which they were last written: a sweep looks at no more than what it takes away."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        found = ((_place(obj), _last_written(obj)) for obj in cluster.store.list(EVENTS))
        self._written: dict[Place, float] = dict(sorted(found, key=lambda pair: pair[1]))
        self._stop_listening = cluster.store.listen(EVENTS, self._note)
        self._timer: Timer = cluster.clock.call_later(SWEEP_EVERY, self._sweep)

    def _note(self, logged: Logged) -> None:
        place = _place(logged.change.new)
        self._written.pop(place, None)  # a key that is put back goes to the end
        if logged.change.type != "DELETED":
            self._written[place] = self._cluster.clock.now()

    def _sweep(self) -> None:
        limit = self._cluster.clock.now() - SECONDS_KEPT
        expired: list[Place] = []
        for place, written in self._written.items():
            if written > limit:
                break
            expired.append(place)
        for namespace, name in expired:
            event = self._cluster.store.find(EVENTS, namespace, name)
            if event is not None:
                vanish(self._cluster, EVENTS, event)
        self._timer = self._cluster.clock.call_later(SWEEP_EVERY, self._sweep)

    def stop(self) -> None:
        self._stop_listening()
        self._timer.cancel()


def _place(obj: Obj) -> Place:
    return obj["metadata"].get("namespace", ""), obj["metadata"]["name"]


def _last_written(event: Obj) -> float:
    """As well as the event itself tells, after a restart."""
    series = event.get("series") or {}
    times = (
        series.get("lastObservedTime"),
        event.get("lastTimestamp"),
        event.get("eventTime"),
        event["metadata"].get("creationTimestamp"),
    )
    text = next((one for one in times if one), None)
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else 0.0
