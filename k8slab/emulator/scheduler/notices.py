"""Events as the scheduler writes them (events.k8s.io): no count, a series when the same is said again."""

from __future__ import annotations

from collections import OrderedDict

from k8slab.emulator.clock import Clock, micro_timestamp
from k8slab.emulator.controllers.events import event_name, reference
from k8slab.emulator.ports import Api, Obj
from k8slab.emulator.status import ApiError

REMEMBERED = 1024


class Notices:
    def __init__(self, api: Api, clock: Clock, component: str) -> None:
        self._api, self._clock, self._component = api, clock, component
        self._seen: OrderedDict[tuple[str, str, str], str] = OrderedDict()

    def tell(self, about: Obj, kind: str, reason: str, message: str, action: str, related: Obj | None = None) -> None:
        meta = about["metadata"]
        key = (meta["uid"], reason, message)
        try:
            name = self._seen.get(key)
            if name is None or not self._again(name, meta["namespace"]):
                self._seen[key] = self._create(about, kind, reason, message, action, related)
        except ApiError:
            return  # the namespace is going away: nobody will read it
        self._seen.move_to_end(key)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    def _again(self, name: str, namespace: str) -> bool:
        old = self._api.find("events", name, namespace)
        if old is None:
            return False
        count = (old.get("series") or {}).get("count", 1) + 1
        series = {"count": count, "lastObservedTime": micro_timestamp(self._clock.now())}
        self._api.update("events", {**old, "series": series})
        return True

    def _create(self, about: Obj, kind: str, reason: str, message: str, action: str, related: Obj | None) -> str:
        now, meta = self._clock.now(), about["metadata"]
        name = event_name(meta["name"], now)
        body = {
            "metadata": {"name": name, "namespace": meta["namespace"]},
            "involvedObject": reference(about),
            **({"related": reference(related)} if related is not None else {}),
            "reason": reason,
            "message": message,
            "source": {},
            "firstTimestamp": None,
            "lastTimestamp": None,
            "type": kind,
            "eventTime": micro_timestamp(now),
            "action": action,
            "reportingComponent": self._component,
            "reportingInstance": f"{self._component}-0",
        }
        self._api.create("events", body, meta["namespace"])
        return name
