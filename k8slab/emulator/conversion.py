"""The second face of objects that are stored once and served in two versions."""

from __future__ import annotations

from k8slab.emulator.custom.values import prune
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource

EVENT_NAMES = (  # events.k8s.io/v1, v1
    ("regarding", "involvedObject"),
    ("note", "message"),
    ("reportingController", "reportingComponent"),
    ("deprecatedSource", "source"),
    ("deprecatedFirstTimestamp", "firstTimestamp"),
    ("deprecatedLastTimestamp", "lastTimestamp"),
    ("deprecatedCount", "count"),
)


def to_version(kind: Resource, obj: Obj) -> Obj:
    """The object as this version shows it."""
    if obj.get("apiVersion") == kind.api_version:
        return obj
    renamed = {**obj, "kind": kind.kind, "apiVersion": kind.api_version}
    if kind.group == "events.k8s.io":
        return _renamed(renamed, {old: new for new, old in EVENT_NAMES})
    if kind.key == "horizontalpodautoscalers.autoscaling" and kind.version == "v1":
        return _cpu_only(renamed)
    if kind.custom and kind.shape is not None:
        return dict(prune(kind.shape, renamed, "", []))  # what another version's schema let in
    return renamed


def to_stored(kind: Resource, stored: Resource, obj: Obj) -> Obj:
    """The object as the store keeps it."""
    if kind.api_version == stored.api_version:
        return obj
    renamed = {**obj, "kind": stored.kind, "apiVersion": stored.api_version}
    if kind.group == "events.k8s.io":
        return _renamed(renamed, dict(EVENT_NAMES))
    if kind.key == "horizontalpodautoscalers.autoscaling" and kind.version == "v1":
        return _cpu_as_metric(renamed)
    return renamed


def _renamed(obj: Obj, names: dict[str, str]) -> Obj:
    return {names.get(key, key): value for key, value in obj.items()}


def _cpu_only(obj: Obj) -> Obj:
    spec, status = dict(obj.get("spec", {})), obj.get("status", {})
    for metric in spec.pop("metrics", []):
        resource = metric.get("resource", {})
        if resource.get("name") == "cpu" and "averageUtilization" in resource.get("target", {}):
            spec["targetCPUUtilizationPercentage"] = resource["target"]["averageUtilization"]
    spec.pop("behavior", None)
    kept = {key: value for key, value in status.items() if key not in ("conditions", "currentMetrics")}
    return {**obj, "spec": spec, "status": {"currentReplicas": 0, "desiredReplicas": 0, **kept}}


def _cpu_as_metric(obj: Obj) -> Obj:
    spec = dict(obj.get("spec", {}))
    percent = spec.pop("targetCPUUtilizationPercentage", None)
    if percent is not None:
        target = {"type": "Utilization", "averageUtilization": percent}
        spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
    return {**obj, "spec": spec}
