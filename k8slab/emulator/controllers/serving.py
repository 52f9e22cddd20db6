"""Which pods a Service has, and at which ports: shared by Endpoints and EndpointSlices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk
from k8slab.emulator.controllers.labels import contains, labels_of
from k8slab.emulator.controllers.queue import WorkQueue
from k8slab.emulator.ports import Change, Obj


class PodsOfServices:
    """Puts a Service into the queue when it or a pod that it selects changes in a way that endpoints show."""

    def __init__(self, desk: Desk, queue: WorkQueue) -> None:
        self._services = desk.cache.of("services")
        self._pods = desk.cache.of("pods")
        self._queue = queue
        self._services.on_change(lambda change: queue.add(key_of(change.new)))
        self._pods.on_change(self._pod_changed)

    def of(self, service: Obj) -> list[Obj]:
        """Its pods that have an address."""
        selector = service["spec"].get("selector") or {}
        return [
            pod
            for pod in self._pods.in_namespace(service["metadata"]["namespace"])
            if contains(labels_of(pod), selector)
            and (pod.get("status") or {}).get("podIP")
            and pod["spec"].get("nodeName")
            and not podlib.is_finished(pod)
        ]

    def _pod_changed(self, change: Change) -> None:
        if change.old is not None and _face(change.old) == _face(change.new) and change.type == "MODIFIED":
            return
        for service in self._services.in_namespace(change.new["metadata"]["namespace"]):
            selector = service["spec"].get("selector")
            if not selector:
                continue
            seen = (change.old, change.new) if change.old is not None else (change.new,)
            if any(contains(labels_of(pod), selector) for pod in seen):
                self._queue.add(key_of(service))


def _face(pod: Obj) -> tuple[Any, ...]:
    """What endpoints can see of a pod."""
    status, meta = pod.get("status") or {}, pod["metadata"]
    return (
        status.get("podIP"),
        podlib.is_finished(pod),
        podlib.is_ready(pod),
        podlib.is_terminating(pod),
        meta.get("labels"),
        pod["spec"].get("nodeName"),
    )


def is_serving(pod: Obj) -> bool:
    return podlib.is_ready(pod)


def resolve_port(port: Mapping[str, Any], pod: Obj) -> int | None:
    """The pod's port for a Service port; None where the pod does not have it by name."""
    target = port.get("targetPort", port["port"])
    if isinstance(target, int):
        return target or int(port["port"])
    spec = pod["spec"]
    sidecars = [c for c in spec.get("initContainers") or () if c.get("restartPolicy") == "Always"]
    for container in [*sidecars, *spec["containers"]]:
        for held in container.get("ports") or ():
            if held.get("name") == target and held.get("protocol", "TCP") == port.get("protocol", "TCP"):
                return int(held["containerPort"])
    return int(target) if str(target).isdigit() else None


def hostname_of(service: Obj, pod: Obj) -> str:
    """The name that DNS gives this pod below the Service."""
    spec, meta = pod["spec"], service["metadata"]
    same = pod["metadata"]["namespace"] == meta["namespace"] and spec.get("subdomain") == meta["name"]
    return str(spec["hostname"]) if same and spec.get("hostname") else ""


def target_of(pod: Obj) -> dict[str, str]:
    meta = pod["metadata"]
    return {"kind": "Pod", "namespace": meta["namespace"], "name": meta["name"], "uid": meta["uid"]}
