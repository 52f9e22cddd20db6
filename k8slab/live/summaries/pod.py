"""A pod's state in one word, as `kubectl get pods` words it in its STATUS column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from k8slab.live.messages import ItemState

from .references import references
from .registry import Obj, Summary, summary_of

_TROUBLE = {
    "CrashLoopBackOff", "Error", "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull",
    "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "OOMKilled", "StartError",
}  # fmt: skip


def _statuses(obj: Obj, key: str = "containerStatuses") -> list[Mapping[str, Any]]:
    return list(obj.get("status", {}).get(key) or ())


def _trouble(statuses: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    """Reason and message of the first container that waits or ended badly."""
    for status in statuses:
        state = status.get("state", {})
        waiting, ended = state.get("waiting") or {}, state.get("terminated") or {}
        if waiting.get("reason") in _TROUBLE:
            last = (status.get("lastState") or {}).get("terminated") or {}
            return waiting["reason"], waiting.get("message", "") or last.get("message", "")
        if ended and ended.get("exitCode"):
            return ended.get("reason", "Error"), ended.get("message", "")
    return "", ""


def _unscheduled(obj: Obj) -> tuple[str, str]:
    for condition in obj.get("status", {}).get("conditions") or ():
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            return condition.get("reason", ""), condition.get("message", "")
    return "", ""


def _state(obj: Obj, ready: int, reason: str) -> ItemState:
    phase = obj.get("status", {}).get("phase", "Pending")
    if obj["metadata"].get("deletionTimestamp"):
        return "terminating"
    if phase == "Succeeded":
        return "succeeded"
    if phase == "Failed" or reason in _TROUBLE:
        return "failing"
    if phase == "Running":
        return "ready" if ready == len(obj["spec"]["containers"]) else "running"
    return "starting" if obj["spec"].get("nodeName") else "pending"


@summary_of("Pod")
def pod(obj: Obj) -> Summary:
    statuses = _statuses(obj)
    ready = sum(1 for status in statuses if status.get("ready"))
    reason, message = _trouble([*_statuses(obj, "initContainerStatuses"), *statuses])
    if not reason:
        reason, message = _unscheduled(obj)
    detail = {
        "node": obj["spec"].get("nodeName", ""),
        "ip": obj.get("status", {}).get("podIP", ""),
        "ready": ready,
        "containers": len(obj["spec"]["containers"]),
        "restarts": sum(status.get("restartCount", 0) for status in statuses),
        "images": [container.get("image", "") for container in obj["spec"]["containers"]],
        "names": [c["name"] for c in (*(obj["spec"].get("initContainers") or ()), *obj["spec"]["containers"])],
        **references(obj["spec"]),
    }
    return Summary(_state(obj, ready, reason), detail, reason, message)
