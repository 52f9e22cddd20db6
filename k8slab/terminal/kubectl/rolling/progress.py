"""How far a rollout is, in kubectl's words."""

from __future__ import annotations

from typing import Any

from k8slab.kube.client import Obj

from ..invocation import Failed
from ..resources import Item
from .replicasets import REVISION
from .revisions import group_kind

Map = dict[str, Any]
ONLY_ROLLING = "error: rollout status is only available for RollingUpdate strategy type"


def progress(item: Item, obj: Obj, revision: int) -> tuple[str, bool]:
    """The line, and whether it is over. Raises Failed where it has failed, or cannot be told."""
    known = {"Deployment": _deployment, "DaemonSet": _daemon_set, "StatefulSet": _stateful_set}
    tell = known.get(item.resource.kind) if item.resource.group in ("apps", "extensions") else None
    if tell is None:
        raise Failed(f"error: no status viewer has been implemented for {group_kind(item)}")
    return tell(obj["metadata"], obj.get("spec") or {}, obj.get("status") or {}, revision)


def _number(values: Map, key: str) -> int:
    return int(values.get(key) or 0)


def _deployment(metadata: Map, spec: Map, status: Map, revision: int) -> tuple[str, bool]:
    name = metadata["name"]
    running = int((metadata.get("annotations") or {}).get(REVISION, 0))
    if revision and revision != running:
        raise Failed(f"error: desired revision ({revision}) is different from the running revision ({running})")
    if _number(metadata, "generation") > _number(status, "observedGeneration"):
        return "Waiting for deployment spec update to be observed...", False
    reasons = [each.get("reason") for each in status.get("conditions") or () if each.get("type") == "Progressing"]
    if "ProgressDeadlineExceeded" in reasons:
        raise Failed(f'error: deployment "{name}" exceeded its progress deadline')
    wanted, updated = int(spec.get("replicas", 1)), _number(status, "updatedReplicas")
    total, available = _number(status, "replicas"), _number(status, "availableReplicas")
    waiting = f'Waiting for deployment "{name}" rollout to finish:'
    if updated < wanted:
        return f"{waiting} {updated} out of {wanted} new replicas have been updated...", False
    if total > updated:
        return f"{waiting} {total - updated} old replicas are pending termination...", False
    if available < updated:
        return f"{waiting} {available} of {updated} updated replicas are available...", False
    return f'deployment "{name}" successfully rolled out', True


def _daemon_set(metadata: Map, spec: Map, status: Map, revision: int) -> tuple[str, bool]:
    name = metadata["name"]
    if (spec.get("updateStrategy") or {}).get("type") != "RollingUpdate":
        raise Failed(ONLY_ROLLING)
    if _number(metadata, "generation") > _number(status, "observedGeneration"):
        return "Waiting for daemon set spec update to be observed...", False
    wanted, updated = _number(status, "desiredNumberScheduled"), _number(status, "updatedNumberScheduled")
    available = _number(status, "numberAvailable")
    waiting = f'Waiting for daemon set "{name}" rollout to finish:'
    if updated < wanted:
        return f"{waiting} {updated} out of {wanted} new pods have been updated...", False
    if available < wanted:
        return f"{waiting} {available} of {wanted} updated pods are available...", False
    return f'daemon set "{name}" successfully rolled out', True


def _stateful_set(metadata: Map, spec: Map, status: Map, revision: int) -> tuple[str, bool]:
    strategy = spec.get("updateStrategy") or {}
    if strategy.get("type") != "RollingUpdate":
        raise Failed(ONLY_ROLLING)
    observed = _number(status, "observedGeneration")
    if not observed or _number(metadata, "generation") > observed:
        return "Waiting for statefulset spec update to be observed...", False
    wanted, updated = int(spec.get("replicas", 1)), _number(status, "updatedReplicas")
    ready = _number(status, "readyReplicas")
    if ready < wanted:
        return f"Waiting for {wanted - ready} pods to be ready...", False
    rolling = strategy.get("rollingUpdate")
    if rolling is not None:
        parted = wanted - int(rolling["partition"]) if rolling.get("partition") is not None else 0
        if updated < parted:
            head = "Waiting for partitioned roll out to finish"
            return f"{head}: {updated} out of {parted} new pods have been updated...", False
        return f"partitioned roll out complete: {updated} new pods have been updated...", True
    if status.get("updateRevision") != status.get("currentRevision"):
        revision_name = status.get("updateRevision", "")
        head = "waiting for statefulset rolling update to complete"
        return f"{head} {updated} pods at revision {revision_name}...", False
    current = status.get("currentRevision", "")
    count = _number(status, "currentReplicas")
    return f"statefulset rolling update complete {count} pods at revision {current}...", True
