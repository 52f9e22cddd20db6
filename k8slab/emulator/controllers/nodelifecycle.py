"""Node life: notices silence, and keeps the taints that say how a node is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.ports import Change, Obj

LEASES, LEASE_NAMESPACE = "leases.coordination.k8s.io", "kube-node-lease"
NOT_READY, UNREACHABLE = "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"
CORDON = "node.kubernetes.io/unschedulable"
PRESSURES = {
    "MemoryPressure": "node.kubernetes.io/memory-pressure",
    "DiskPressure": "node.kubernetes.io/disk-pressure",
    "PIDPressure": "node.kubernetes.io/pid-pressure",
    "NetworkUnavailable": "node.kubernetes.io/network-unavailable",
}
OLD_LABELS = {"beta.kubernetes.io/arch": "kubernetes.io/arch", "beta.kubernetes.io/os": "kubernetes.io/os"}
OURS = {NOT_READY, UNREACHABLE, CORDON, *PRESSURES.values()}
SILENT = "Kubelet stopped posting node status."


@dataclass(slots=True)
class Silence:
    """Of one node. Time in which nobody looked counts for little: a process that was stopped, or a lid that was shut,
    kept the heartbeats back too."""

    looked: float
    seconds: float = 0.0

    def lasted(self, now: float, look_seconds: float) -> float:
        self.seconds += min(now - self.looked, 2 * look_seconds)
        self.looked = now
        return self.seconds


@controller("nodelifecycle")
class NodeLifecycle:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._events = desk.events("node-controller")
        self._nodes, self._leases, self._pods = desk.cache.of("nodes"), desk.cache.of(LEASES), desk.cache.of("pods")
        self._pods.index("node", lambda pod: [pod["spec"].get("nodeName") or ""])
        self._silence: dict[str, Silence] = {}
        self._known: set[str] = set()
        self._queue = desk.queue("nodelifecycle", self.reconcile)
        self._nodes.on_change(self._node_changed)
        self._leases.on_change(self._lease_changed)

    def _node_changed(self, change: Change) -> None:
        name = key_of(change.new)
        if change.type == "DELETED":
            self._known.discard(name)
            self._silence.pop(name, None)
            return
        if change.old is None or _reported(change.old) != _reported(change.new):
            self._hear(name)
        self._queue.add(name)

    def _lease_changed(self, change: Change) -> None:
        meta = change.new["metadata"]
        if meta["namespace"] == LEASE_NAMESPACE and change.type != "DELETED":
            self._hear(meta["name"])

    def _hear(self, name: str) -> None:
        self._silence[name] = Silence(self._desk.clock.now())

    def reconcile(self, name: str) -> None:
        node = self._nodes.get(name)
        if node is None:
            return
        if name not in self._known:
            self._known.add(name)
            self._tell(node, "RegisteredNode", f"Registered Node {name} in Controller")
        node = self._check_silence(self._keep_old_labels(node))
        self._set_taints(node)
        self._queue.add_after(name, self._desk.periods.node_look_seconds)

    def _tell(self, node: Obj, reason: str, text: str) -> None:
        name = node["metadata"]["name"]
        self._events.normal(node, reason, f"Node {name} event: {text}" if reason == "RegisteredNode" else text)

    def _keep_old_labels(self, node: Obj) -> Obj:
        """Architecture and system have older names, which say the same."""
        labels = node["metadata"].get("labels") or {}
        missing = {
            old: labels[new] for old, new in OLD_LABELS.items() if new in labels and labels.get(old) != labels[new]
        }
        if not missing:
            return node
        return self._api.patch("nodes", node["metadata"]["name"], None, {"metadata": {"labels": missing}})

    def _check_silence(self, node: Obj) -> Obj:
        name = node["metadata"]["name"]
        periods, silence = self._desk.periods, self._silence.get(name)
        lasted = silence.lasted(self._desk.clock.now(), periods.node_look_seconds) if silence else math.inf
        ready = podlib.condition(node, "Ready")
        if lasted <= periods.node_grace_seconds or ready is None or ready["status"] == "Unknown":
            return node
        now = self._desk.now()
        status = node.get("status") or {}
        unknown = {"status": "Unknown", "reason": "NodeStatusUnknown", "message": SILENT, "lastTransitionTime": now}
        conditions = [{**c, **unknown} for c in status.get("conditions") or ()]
        changed = self._api.update("nodes", {**node, "status": {**status, "conditions": conditions}}, "status")
        self._tell(changed, "NodeNotReady", f"Node {name} status is now: NodeNotReady")
        self._mark_pods(name)
        return changed

    def _mark_pods(self, name: str) -> None:
        """Their containers may run on; that they answer can no longer be said."""
        for pod in self._pods.by("node", name):
            ready = podlib.condition(pod, "Ready")
            if ready is None or ready["status"] != "True":
                continue
            status = pod["status"]
            false = {"status": "False", "lastTransitionTime": self._desk.now()}
            conditions = [{**c, **false} if c["type"] == "Ready" else c for c in status["conditions"]]
            self._api.update("pods", {**pod, "status": {**status, "conditions": conditions}}, "status")
            self._events.warning(pod, "NodeNotReady", "Node is not ready")

    def _set_taints(self, node: Obj) -> None:
        held = node["spec"].get("taints") or []
        wanted = _taints(node)
        kept = [t for t in held if t["key"] not in OURS or (t["key"], t["effect"]) in wanted]
        have = {(t["key"], t["effect"]) for t in kept}
        now = self._desk.now()
        added = [
            {"key": key, "effect": effect, "timeAdded": now} for key, effect in wanted if (key, effect) not in have
        ]
        if added or kept != held:
            spec = {key: value for key, value in node["spec"].items() if key != "taints"}
            taints = [*kept, *added]
            self._api.update("nodes", {**node, "spec": {**spec, **({"taints": taints} if taints else {})}})


def _reported(node: Obj) -> Any:
    """What a heartbeat in the status changes."""
    return [(c["type"], c.get("lastHeartbeatTime")) for c in (node.get("status") or {}).get("conditions") or ()]


def _taints(node: Obj) -> list[tuple[str, str]]:
    conditions: Mapping[str, str] = {c["type"]: c["status"] for c in (node.get("status") or {}).get("conditions") or ()}
    ready = conditions.get("Ready")
    wanted = []
    if ready != "True":
        key = UNREACHABLE if ready == "Unknown" else NOT_READY
        wanted += [(key, "NoSchedule")]
        if ready is not None:
            wanted += [(key, "NoExecute")]
    wanted += [(key, "NoSchedule") for kind, key in PRESSURES.items() if conditions.get(kind) == "True"]
    if node["spec"].get("unschedulable"):
        wanted.append((CORDON, "NoSchedule"))
    return wanted
