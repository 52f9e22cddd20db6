"""Events as client-go's recorder writes them: the same event again raises its count, and what one object's events
of one reason may be is a burst of 25 and then one in five minutes, as there."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from k8slab.emulator.clock import Clock, timestamp
from k8slab.emulator.ports import Api, Obj
from k8slab.emulator.status import ApiError

BURST, REFILL_SECONDS = 25.0, 300.0
REMEMBERED = 4096
_numbers = itertools.count()  # of the process: recorders must not choose the same name at the same instant


def event_name(about: str, now: float) -> str:
    return f"{about}.{int(now * 1e9) + next(_numbers):x}"


@dataclass(slots=True)
class _Seen:
    name: str
    namespace: str
    count: int


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Events:
    def __init__(self, api: Api, clock: Clock, component: str, host: str = "") -> None:
        self._api = api
        self._clock = clock
        self._source = {"component": component, **({"host": host} if host else {})}
        self._seen: OrderedDict[Hashable, _Seen] = OrderedDict()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def normal(self, about: Obj, reason: str, message: str, field_path: str = "") -> None:
        self._emit(about, "Normal", reason, message, field_path)

    def warning(self, about: Obj, reason: str, message: str, field_path: str = "") -> None:
        self._emit(about, "Warning", reason, message, field_path)

    def _emit(self, about: Obj, kind: str, reason: str, message: str, field_path: str) -> None:
        ref = reference(about, field_path)
        if not self._allowed(f"{ref['uid']}/{reason}"):
            return
        key = (ref["uid"], field_path, kind, reason, message)
        seen = self._seen.get(key)
        try:
            if seen is None or not self._count(seen):
                self._seen[key] = self._create(ref, kind, reason, message)
        except ApiError:
            return  # the namespace is going away: nobody will read it
        self._seen.move_to_end(key)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    def _allowed(self, stream: str) -> bool:
        now = self._clock.now()
        bucket = self._buckets.get(stream)
        if bucket is None:
            bucket = self._buckets[stream] = _Bucket(BURST, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        bucket.tokens = min(BURST, bucket.tokens + (now - bucket.at) / REFILL_SECONDS)
        bucket.at = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    def _count(self, seen: _Seen) -> bool:
        """False where the event is gone (its time to live is over)."""
        old = self._api.find("events", seen.name, seen.namespace)
        if old is None:
            return False
        seen.count += 1
        changed = {**old, "count": seen.count, "lastTimestamp": timestamp(self._clock.now())}
        self._api.update("events", changed)
        return True

    def _create(self, ref: dict[str, Any], kind: str, reason: str, message: str) -> _Seen:
        now = self._clock.now()
        namespace = str(ref.get("namespace") or "default")
        name = event_name(str(ref["name"]), now)
        body = {
            "metadata": {"name": name, "namespace": namespace},
            "involvedObject": ref,
            "reason": reason,
            "message": message,
            "source": self._source,
            "firstTimestamp": timestamp(now),
            "lastTimestamp": timestamp(now),
            "count": 1,
            "type": kind,
            "eventTime": None,
            "reportingComponent": self._source["component"],
            "reportingInstance": self._source.get("host", ""),
        }
        self._api.create("events", body, namespace)
        return _Seen(name, namespace, 1)


def reference(obj: Obj, field_path: str = "") -> dict[str, Any]:
    """An ObjectReference to the object."""
    meta = obj["metadata"]
    made = {
        "kind": obj.get("kind"),
        "namespace": meta.get("namespace"),
        "name": meta["name"],
        "uid": meta.get("uid", ""),
        "apiVersion": obj.get("apiVersion"),
        "resourceVersion": meta.get("resourceVersion"),
        "fieldPath": field_path,
    }
    return {key: value for key, value in made.items() if value}
