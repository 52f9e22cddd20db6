"""What controllers ask of a pod, and how they make one from a template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.emulator.controllers.cache import controller_of
from k8slab.emulator.controllers.times import parse_timestamp
from k8slab.emulator.ports import Api, Obj

CONTROLLED_KINDS = {
    "ReplicaSet": "replicasets.apps",
    "ReplicationController": "replicationcontrollers",
    "StatefulSet": "statefulsets.apps",
    "DaemonSet": "daemonsets.apps",
    "Job": "jobs.batch",
}


def phase(pod: Obj) -> str:
    return str((pod.get("status") or {}).get("phase") or "Pending")


def is_finished(pod: Obj) -> bool:
    return phase(pod) in ("Succeeded", "Failed")


def is_terminating(obj: Obj) -> bool:
    return "deletionTimestamp" in obj["metadata"]


def is_active(pod: Obj) -> bool:
    return not is_finished(pod) and not is_terminating(pod)


def condition(obj: Obj, kind: str) -> Mapping[str, Any] | None:
    for entry in (obj.get("status") or {}).get("conditions") or ():
        if entry["type"] == kind:
            found: Mapping[str, Any] = entry
            return found
    return None


def is_ready(pod: Obj) -> bool:
    ready = condition(pod, "Ready")
    return ready is not None and ready["status"] == "True"


def ready_since(pod: Obj) -> float:
    ready = condition(pod, "Ready")
    if ready is None or ready["status"] != "True" or not ready.get("lastTransitionTime"):
        return 0.0
    return parse_timestamp(ready["lastTransitionTime"])


def available_in(pod: Obj, min_ready_seconds: int, now: float) -> float | None:
    """Seconds until the pod counts as available: 0 when it does, None while it is not ready."""
    if not is_ready(pod):
        return None
    if not min_ready_seconds:
        return 0.0
    return max(0.0, ready_since(pod) + min_ready_seconds - now)


def owner_reference(owner: Obj) -> dict[str, Any]:
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def from_template(template: Mapping[str, Any], owner: Obj, **meta: Any) -> dict[str, Any]:
    """A pod of the template, owned. `meta` overrides (name, generateName, labels, annotations, finalizers)."""
    given = template.get("metadata") or {}
    kept = {key: given[key] for key in ("labels", "annotations", "finalizers") if given.get(key)}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**kept, **meta, "ownerReferences": [owner_reference(owner)]},
        "spec": template["spec"],
    }


def adopt(api: Api, resource: str, obj: Obj, owner: Obj) -> Obj:
    meta = obj["metadata"]
    owners = [*(meta.get("ownerReferences") or ()), owner_reference(owner)]
    return api.update(resource, {**obj, "metadata": {**meta, "ownerReferences": owners}})


def release(api: Api, resource: str, obj: Obj) -> Obj:
    """Takes the controller off; it is an orphan then, and another may adopt it."""
    meta = obj["metadata"]
    owner = controller_of(obj) or {}
    owners = [o for o in meta.get("ownerReferences") or () if o["uid"] != owner.get("uid")]
    kept = {key: value for key, value in meta.items() if key != "ownerReferences"}
    return api.update(resource, {**obj, "metadata": {**kept, **({"ownerReferences": owners} if owners else {})}})


def mark_disrupted(api: Api, pod: Obj, reason: str, message: str, now: str) -> None:
    """The condition that says why a pod is taken away by the cluster itself."""
    status = pod.get("status") or {}
    made = {
        "type": "DisruptionTarget",
        "observedGeneration": pod["metadata"].get("generation", 1),
        "status": "True",
        "lastProbeTime": None,
        "lastTransitionTime": now,
        "reason": reason,
        "message": message,
    }
    others = [c for c in status.get("conditions") or () if c["type"] != "DisruptionTarget"]
    api.update("pods", {**pod, "status": {**status, "conditions": [*others, made]}}, "status")
