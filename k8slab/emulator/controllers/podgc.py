"""Collects pods that nobody else ends: those of nodes that are no more, terminating ones that were never placed, and
the oldest of too many finished ones."""

from __future__ import annotations

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.ports import Obj
from k8slab.emulator.status import ApiError


@controller("podgc")
class PodCollector:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._nodes, self._pods = desk.cache.of("nodes"), desk.cache.of("pods")
        self._pods.index("node", lambda pod: [pod["spec"].get("nodeName") or ""])
        self._missing: dict[str, float] = {}
        self._queue = desk.queue("podgc", self.reconcile)
        self._queue.add_after("all", desk.periods.pod_gc_seconds)

    def reconcile(self, key: str) -> None:
        self._queue.add_after(key, self._desk.periods.pod_gc_seconds)
        for pod in self._pods.by("node", ""):
            if podlib.is_terminating(pod):
                self._delete(pod)
        self._orphans()
        finished = [pod for pod in self._pods.all() if podlib.is_finished(pod)]
        excess = len(finished) - self._desk.periods.finished_pods_kept
        if excess > 0:
            for pod in sorted(finished, key=lambda p: p["metadata"]["creationTimestamp"])[:excess]:
                self._delete(pod)

    def _orphans(self) -> None:
        now = self._desk.clock.now()
        gone = {p["spec"]["nodeName"] for p in self._pods.all() if p["spec"].get("nodeName")}
        gone = {name for name in gone if self._nodes.get(name) is None}
        self._missing = {name: self._missing.get(name, now) for name in gone}
        for name, since in self._missing.items():
            if now - since < self._desk.periods.node_gone_seconds:
                continue
            for pod in self._pods.by("node", name):
                text = "PodGC: node no longer exists"
                podlib.mark_disrupted(self._api, pod, "DeletionByPodGC", text, self._desk.now())
                self._delete(pod)

    def _delete(self, pod: Obj) -> None:
        meta = pod["metadata"]
        try:
            self._api.delete("pods", meta["name"], meta["namespace"], grace_seconds=0, uid=meta["uid"])
        except ApiError as error:
            if error.code not in (404, 409):
                raise
