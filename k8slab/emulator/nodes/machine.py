"""A simulated node as an API object: what it reports of itself, its heartbeat and its lease."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from k8slab.emulator.clock import Clock, Timer, micro_timestamp, timestamp
from k8slab.emulator.controllers.desk import Desk
from k8slab.emulator.nodes.addresses import number_of
from k8slab.emulator.nodes.timing import Timing
from k8slab.emulator.ports import Api, Obj
from k8slab.emulator.status import ApiError

LEASES, LEASE_NAMESPACE = "leases.coordination.k8s.io", "kube-node-lease"
PROVIDER = "k8slab://"  # marks the Nodes that are simulated here
NOT_READY = "node.kubernetes.io/not-ready"
CAPACITY = {"cpu": "4", "memory": "8Gi", "pods": "110", "ephemeral-storage": "50Gi"}
HEALTH = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
)


class Machine:
    def __init__(self, api: Api, desk: Desk, timing: Timing, name: str, number: int) -> None:
        self._api, self._clock, self._timing = api, desk.clock, timing
        self.name, self.number = name, number
        self.ip = f"172.18.{number // 250}.{number % 250 + 1}"
        self._timer: Timer | None = None
        self._reported = 0.0

    def register(self, block: str, labels: Mapping[str, str], taints: Sequence[Mapping[str, str]]) -> None:
        """Makes the Node object where it is missing; an old one keeps what was done to it."""
        if self._api.find("nodes", self.name) is not None:
            return
        spec: Obj = {"podCIDR": block, "podCIDRs": [block], "providerID": PROVIDER + self.name}
        if taints:
            spec["taints"] = [dict(taint) for taint in taints]
        metadata = {"name": self.name, "labels": {**_own_labels(self.name), **labels}}
        self._api.create("nodes", {"metadata": metadata, "spec": spec})

    def start(self) -> None:
        self._report()
        self._untaint()
        self._beat()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def leave(self) -> None:
        """Takes the node and its lease out of the cluster."""
        self.stop()
        for resource, namespace in ((LEASES, LEASE_NAMESPACE), ("nodes", None)):
            if self._api.find(resource, self.name, namespace) is not None:
                self._api.delete(resource, self.name, namespace)

    def _beat(self) -> None:
        """The lease at every heartbeat; the status, which is larger and read by many, only now and then."""
        self._timer = self._clock.call_later(self._timing.heartbeat_seconds, self._beat)
        try:
            self._renew()
            if self._clock.now() - self._reported >= self._timing.status_seconds:
                self._report()
        except ApiError:
            return  # the next beat tries again

    def _renew(self) -> None:
        spec = {
            "holderIdentity": self.name,
            "leaseDurationSeconds": self._timing.lease_seconds,
            "renewTime": micro_timestamp(self._clock.now()),
        }
        if self._api.find(LEASES, self.name, LEASE_NAMESPACE) is not None:
            self._api.patch(LEASES, self.name, LEASE_NAMESPACE, {"spec": spec})
            return
        node = self._api.find("nodes", self.name)
        if node is not None and self._api.find("namespaces", LEASE_NAMESPACE) is not None:
            owner = {"apiVersion": "v1", "kind": "Node", "name": self.name, "uid": node["metadata"]["uid"]}
            metadata = {"name": self.name, "ownerReferences": [owner]}  # so that the lease goes with the node
            self._api.create(LEASES, {"metadata": metadata, "spec": spec}, LEASE_NAMESPACE)

    def _report(self) -> None:
        node = self._api.find("nodes", self.name)
        if node is None:
            return
        self._reported = self._clock.now()
        status = {**(node.get("status") or {}), **_status(self.name, self.ip, node, self._clock)}
        self._api.update("nodes", {**node, "status": status}, "status")

    def _untaint(self) -> None:
        """Takes off the taint with which a node is born; the node controller does the same, but later."""
        node = self._api.find("nodes", self.name)
        if node is None:
            return
        taints = [t for t in node["spec"].get("taints") or () if t["key"] != NOT_READY]
        if taints != (node["spec"].get("taints") or []):
            kept = {key: value for key, value in node["spec"].items() if key != "taints"}
            self._api.update("nodes", {**node, "spec": {**kept, **({"taints": taints} if taints else {})}})


def _own_labels(name: str) -> dict[str, str]:
    return {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "beta.kubernetes.io/arch": "amd64",
    }


def simulated(nodes: Iterable[Obj]) -> dict[str, int]:
    """Those of the Node objects that are machines of ours, and their numbers, which their address blocks tell."""
    found = {}
    for node in nodes:
        name = node["metadata"]["name"]
        number = number_of(node["spec"].get("podCIDR") or "")
        if node["spec"].get("providerID") == PROVIDER + name and number is not None:
            found[name] = number
    return found


def _status(name: str, ip: str, node: Obj, clock: Clock) -> Obj:
    now = timestamp(clock.now())
    old = {c["type"]: c for c in (node.get("status") or {}).get("conditions") or ()}
    conditions = []
    for kind, value, reason, message in HEALTH:
        since = old[kind]["lastTransitionTime"] if old.get(kind, {}).get("status") == value else now
        times = {"lastHeartbeatTime": now, "lastTransitionTime": since}
        conditions.append({"type": kind, "status": value, **times, "reason": reason, "message": message})
    return {
        "capacity": CAPACITY,
        "allocatable": CAPACITY,
        "conditions": conditions,
        "addresses": [{"type": "InternalIP", "address": ip}, {"type": "Hostname", "address": name}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": {
            "machineID": f"{name}-machine",
            "systemUUID": f"{name}-system",
            "bootID": f"{name}-boot",
            "kernelVersion": "6.12.0",
            "osImage": "k8slab simulated node",
            "containerRuntimeVersion": "containerd://2.1.4",
            "kubeletVersion": "v1.36.2",
            "kubeProxyVersion": "",
            "operatingSystem": "linux",
            "architecture": "amd64",
        },
    }
