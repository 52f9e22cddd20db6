"""Controllers that keep pods: how many are wanted, how many are ready."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .registry import Obj, Summary, summary_of


def _failure(obj: Obj) -> tuple[str, str]:
    """The condition that says why no progress is made, if any."""
    for condition in obj.get("status", {}).get("conditions") or ():
        bad = (condition["type"], condition["status"])
        if bad in (("ReplicaFailure", "True"), ("Progressing", "False"), ("Failed", "True")):
            return condition.get("reason", ""), condition.get("message", "")
    return "", ""


def _images(obj: Obj) -> list[str]:
    spec = obj["spec"].get("template", {}).get("spec", {})
    return [container.get("image", "") for container in spec.get("containers") or ()]


def _progress(obj: Obj, wanted: int, ready: int, detail: Mapping[str, Any]) -> Summary:
    reason, message = _failure(obj)
    facts = {"wanted": wanted, "ready": ready, **detail}
    if reason:
        return Summary("failing", facts, reason, message)
    return Summary("ready" if ready >= wanted else "starting", facts)


@summary_of("Deployment", "ReplicaSet", "StatefulSet", "ReplicationController")
def replicas(obj: Obj) -> Summary:
    status = obj.get("status", {})
    revision = (obj["metadata"].get("annotations") or {}).get("deployment.kubernetes.io/revision", "")
    wanted = obj["spec"].get("replicas", 1)
    detail = {"updated": status.get("updatedReplicas", 0), "revision": revision, "images": _images(obj)}
    return _progress(obj, wanted, status.get("readyReplicas", 0), detail)


@summary_of("DaemonSet")
def daemon_set(obj: Obj) -> Summary:
    status = obj.get("status", {})
    return _progress(
        obj, status.get("desiredNumberScheduled", 0), status.get("numberReady", 0), {"images": _images(obj)}
    )


@summary_of("Job")
def job(obj: Obj) -> Summary:
    status = obj.get("status", {})
    wanted, done = obj["spec"].get("completions", 1), status.get("succeeded", 0)
    reason, message = _failure(obj)
    detail = {"wanted": wanted, "ready": done, "active": status.get("active", 0)}
    if reason:
        return Summary("failing", detail, reason, message)
    return Summary("succeeded" if done >= wanted else "running", detail)


@summary_of("CronJob")
def cron_job(obj: Obj) -> Summary:
    return Summary("ok", {"schedule": obj["spec"].get("schedule", ""), "suspended": bool(obj["spec"].get("suspend"))})


@summary_of("HorizontalPodAutoscaler")
def autoscaler(obj: Obj) -> Summary:
    spec, status, target = obj["spec"], obj.get("status", {}), obj["spec"].get("scaleTargetRef", {})
    detail = {
        "target": f"{target.get('kind', '')}/{target.get('name', '')}",
        "least": spec.get("minReplicas", 1),
        "most": spec.get("maxReplicas", 1),
        "current": status.get("currentReplicas", 0),
        "desired": status.get("desiredReplicas", 0),
    }
    for condition in status.get("conditions") or ():
        if condition["type"] in ("AbleToScale", "ScalingActive") and condition["status"] == "False":
            return Summary("unknown", detail, condition.get("reason", ""), condition.get("message", ""))
    return Summary("ok", detail)
