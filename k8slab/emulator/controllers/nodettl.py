"""How long a node may keep secrets and config maps without looking again, told by an annotation: the more nodes, the
longer."""

from __future__ import annotations

from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.ports import Change

ANNOTATION = "node.alpha.kubernetes.io/ttl"
STEPS = ((100, 0), (500, 15), (1000, 30), (2000, 60), (10000, 300))  # up to so many nodes: so many seconds


@controller("ttl")
class NodeTtl:
    def __init__(self, desk: Desk) -> None:
        self._api, self._nodes = desk.api, desk.cache.of("nodes")
        self._queue = desk.queue("ttl", self.reconcile)
        self._nodes.on_change(self._changed)

    def _changed(self, change: Change) -> None:
        if change.type == "ADDED":
            self._queue.add(key_of(change.new))

    def reconcile(self, name: str) -> None:
        node = self._nodes.get(name)
        if node is None or "deletionTimestamp" in node["metadata"]:
            return
        wanted = str(seconds_for(len(self._nodes)))
        if (node["metadata"].get("annotations") or {}).get(ANNOTATION) != wanted:
            self._api.patch("nodes", name, None, {"metadata": {"annotations": {ANNOTATION: wanted}}})


def seconds_for(nodes: int) -> int:
    return next((seconds for most, seconds in STEPS if nodes <= most), STEPS[-1][1])
