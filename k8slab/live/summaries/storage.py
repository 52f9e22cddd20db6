"""Claims, and how much a ConfigMap or a Secret holds: never the values, of a Secret not even the keys."""

from __future__ import annotations

from k8slab.live.messages import ItemState

from .registry import Obj, Summary, summary_of

_CLAIM_STATES: dict[str, ItemState] = {"Bound": "ready", "Lost": "failing"}


@summary_of("PersistentVolumeClaim")
def claim(obj: Obj) -> Summary:
    status, spec = obj.get("status", {}), obj["spec"]
    phase = status.get("phase", "Pending")
    detail = {
        "phase": phase,
        "volume": spec.get("volumeName", ""),
        "class": spec.get("storageClassName", ""),
        "capacity": (status.get("capacity") or {}).get("storage", ""),
        "modes": spec.get("accessModes", []),
    }
    return Summary(_CLAIM_STATES.get(phase, "pending"), detail)


@summary_of("ConfigMap")
def config_map(obj: Obj) -> Summary:
    return Summary("ok", {"keys": sorted([*(obj.get("data") or {}), *(obj.get("binaryData") or {})])})


@summary_of("Secret")
def secret(obj: Obj) -> Summary:
    return Summary("ok", {"type": obj.get("type", "Opaque"), "count": len(obj.get("data") or {})})
