"""NoExecute taints: pods that do not tolerate one are deleted, at once or when their toleration ends."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.times import parse_timestamp
from k8slab.emulator.controllers.tolerations import tolerated
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.status import ApiError


@controller("taint-eviction-controller")
class TaintEviction:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._events = desk.events("taint-eviction-controller")
        self._nodes, self._pods = desk.cache.of("nodes"), desk.cache.of("pods")
        self._pods.index("node", lambda pod: [pod["spec"].get("nodeName") or ""])
        self._queue = desk.queue("taint-eviction", self.reconcile)
        self._nodes.on_change(self._node_changed)
        self._pods.on_change(self._pod_changed)

    def _node_changed(self, change: Change) -> None:
        if change.type != "DELETED" and (change.old is None or _evicting(change.old) != _evicting(change.new)):
            for pod in self._pods.by("node", key_of(change.new)):
                self._queue.add(key_of(pod))

    def _pod_changed(self, change: Change) -> None:
        node = self._nodes.get(change.new["spec"].get("nodeName") or "")
        if node is not None and change.type != "DELETED" and _evicting(node):
            self._queue.add(key_of(change.new))

    def reconcile(self, key: str) -> None:
        pod = self._pods.get(key)
        node = self._nodes.get(pod["spec"].get("nodeName") or "") if pod else None
        if pod is None or node is None or podlib.is_terminating(pod):
            return
        left = self._seconds_left(pod, _evicting(node))
        if left is None:
            return
        if left > 0:
            self._queue.add_after(key, left)
        else:
            self._evict(pod)

    def _seconds_left(self, pod: Obj, taints: list[Any]) -> float | None:
        """Until the first toleration ends; None where all taints are tolerated for good."""
        ends = []
        for taint in taints:
            fitting = [t for t in pod["spec"].get("tolerations") or () if tolerated(t, taint)]
            if not fitting:
                return 0.0
            limits = [t["tolerationSeconds"] for t in fitting if t.get("tolerationSeconds") is not None]
            if limits:
                since = parse_timestamp(taint["timeAdded"]) if taint.get("timeAdded") else self._desk.clock.now()
                ends.append(since + max(0, min(limits)))
        return min(ends) - self._desk.clock.now() if ends else None

    def _evict(self, pod: Obj) -> None:
        meta = pod["metadata"]
        self._events.normal(pod, "TaintManagerEviction", f"Marking for deletion Pod {meta['namespace']}/{meta['name']}")
        podlib.mark_disrupted(
            self._api, pod, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", self._desk.now()
        )
        try:
            self._api.delete("pods", meta["name"], meta["namespace"], uid=meta["uid"])
        except ApiError as error:
            if error.code != 404:
                raise


def _evicting(node: Obj) -> list[Any]:
    return [t for t in node["spec"].get("taints") or () if t["effect"] == "NoExecute"]
