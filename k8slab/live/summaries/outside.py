"""What stands outside the namespaces: nodes, volumes, storage classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from k8slab.live.messages import ItemState

from .registry import Obj, Summary, summary_of

_ZONE, _ROLE = "topology.kubernetes.io/zone", "node-role.kubernetes.io/"
_DEFAULT = "storageclass.kubernetes.io/is-default-class"
_VOLUME_STATES: dict[str, ItemState] = {"Available": "ok", "Bound": "ready", "Released": "unknown", "Failed": "failing"}


@summary_of("Node")
def node(obj: Obj) -> Summary:
    labels, spec = obj["metadata"].get("labels") or {}, obj.get("spec") or {}
    conditions: Sequence[Mapping[str, str]] = obj.get("status", {}).get("conditions") or ()
    ready = next((condition for condition in conditions if condition["type"] == "Ready"), {})
    detail = {
        "ready": ready.get("status") == "True",
        "unschedulable": bool(spec.get("unschedulable")),
        "taints": [_taint(taint) for taint in spec.get("taints") or ()],
        "zone": labels.get(_ZONE, ""),
        "roles": sorted(label.removeprefix(_ROLE) for label in labels if label.startswith(_ROLE)),
    }
    if detail["ready"]:
        return Summary("ready", detail)
    return Summary("failing", detail, ready.get("reason", "NodeStatusUnknown"), ready.get("message", ""))


def _taint(taint: Mapping[str, Any]) -> str:
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint['key']}{value}:{taint['effect']}"


@summary_of("PersistentVolume")
def volume(obj: Obj) -> Summary:
    spec, status = obj["spec"], obj.get("status", {})
    phase, claimed = status.get("phase", "Pending"), spec.get("claimRef") or {}
    detail = {
        "phase": phase,
        "claim": claimed.get("name", ""),
        "class": spec.get("storageClassName", ""),
        "capacity": (spec.get("capacity") or {}).get("storage", ""),
        "modes": spec.get("accessModes", []),
        "reclaim": spec.get("persistentVolumeReclaimPolicy", ""),
    }
    return Summary(_VOLUME_STATES.get(phase, "pending"), detail, status.get("reason", ""), status.get("message", ""))


@summary_of("StorageClass")
def storage_class(obj: Obj) -> Summary:
    annotations = obj["metadata"].get("annotations") or {}
    detail = {
        "provisioner": obj.get("provisioner", ""),
        "reclaim": obj.get("reclaimPolicy", "Delete"),
        "binding": obj.get("volumeBindingMode", "Immediate"),
        "default": annotations.get(_DEFAULT) == "true",
    }
    return Summary("ok", detail)
