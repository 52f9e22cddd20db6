"""Rows of the controllers of pods."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from k8slab.emulator.ports import Obj
from k8slab.emulator.selectors import selector_text
from k8slab.emulator.tables import age, cells_for, human_duration

Row = list[Any]


def _status(obj: Obj) -> Obj:
    found: Obj = obj.get("status") or {}
    return found


def _template(spec: Obj) -> Row:
    """Container names and images."""
    containers = ((spec.get("template") or {}).get("spec") or {}).get("containers") or []
    names, images = (",".join(str(one.get(key, "")) for one in containers) for key in ("name", "image"))
    return [names, images]


def selector_or_none(selector: Obj | None) -> str:
    return selector_text(selector) or "<none>"


@cells_for("deployments.apps")
def deployment(obj: Obj, now: float) -> Row:
    spec, status, meta = obj["spec"], _status(obj), obj["metadata"]
    ready = f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 0)}"
    counts = [status.get("updatedReplicas", 0), status.get("availableReplicas", 0)]
    born = age(meta["creationTimestamp"], now)
    return [meta["name"], ready, *counts, born, *_template(spec), selector_text(spec.get("selector"))]


@cells_for("replicasets.apps", "replicationcontrollers")
def replica_set(obj: Obj, now: float) -> Row:
    spec, status, meta = obj["spec"], _status(obj), obj["metadata"]
    counts = [spec.get("replicas", 0), status.get("replicas", 0), status.get("readyReplicas", 0)]
    born = age(meta["creationTimestamp"], now)
    return [meta["name"], *counts, born, *_template(spec), selector_text(spec.get("selector"))]


@cells_for("statefulsets.apps")
def stateful_set(obj: Obj, now: float) -> Row:
    spec, meta = obj["spec"], obj["metadata"]
    ready = f"{_status(obj).get('readyReplicas', 0)}/{spec.get('replicas', 0)}"
    return [meta["name"], ready, age(meta["creationTimestamp"], now), *_template(spec)]


@cells_for("daemonsets.apps")
def daemon_set(obj: Obj, now: float) -> Row:
    spec, status, meta = obj["spec"], _status(obj), obj["metadata"]
    names = (
        "desiredNumberScheduled",
        "currentNumberScheduled",
        "numberReady",
        "updatedNumberScheduled",
        "numberAvailable",
    )
    nodes = selector_or_none(((spec["template"].get("spec") or {}).get("nodeSelector")) or None)
    born = age(meta["creationTimestamp"], now)
    counts = [status.get(name, 0) for name in names]
    return [meta["name"], *counts, nodes, born, *_template(spec), selector_text(spec.get("selector"))]


@cells_for("jobs.batch")
def job(obj: Obj, now: float) -> Row:
    spec, status, meta = obj["spec"], _status(obj), obj["metadata"]
    done = status.get("succeeded", 0)
    wanted, parallel = spec.get("completions"), spec.get("parallelism", 1)
    completions = (
        f"{done}/{wanted}" if wanted is not None else f"{done}/1 of {parallel}" if parallel > 1 else f"{done}/1"
    )
    born = age(meta["creationTimestamp"], now)
    selector = selector_text(spec.get("selector"))
    return [meta["name"], _job_state(obj), completions, _duration(status, now), born, *_template(spec), selector]


def _job_state(obj: Obj) -> str:
    conditions = {one["type"] for one in _status(obj).get("conditions") or [] if one["status"] == "True"}
    for kind in ("Complete", "Failed"):
        if kind in conditions:
            return kind
    if "deletionTimestamp" in obj["metadata"]:
        return "Terminating"
    for kind in ("Suspended", "FailureTarget", "SuccessCriteriaMet"):
        if kind in conditions:
            return kind
    return "Running"


def _duration(status: Obj, now: float) -> str:
    start = status.get("startTime")
    if not start:
        return ""
    end = status.get("completionTime")
    seconds = _seconds(end) - _seconds(start) if end else now - _seconds(start)
    return human_duration(int(seconds))


def _seconds(when: str) -> float:
    return datetime.fromisoformat(when.replace("Z", "+00:00")).timestamp()


@cells_for("cronjobs.batch")
def cron_job(obj: Obj, now: float) -> Row:
    spec, status, meta = obj["spec"], _status(obj), obj["metadata"]
    last = status.get("lastScheduleTime")
    state = [
        spec.get("timeZone") or "<none>",
        {True: "True", False: "False"}.get(spec.get("suspend"), "<unset>"),
        len(status.get("active") or []),
    ]
    inner = spec["jobTemplate"]["spec"]
    times = [age(last, now) if last else "<none>", age(meta["creationTimestamp"], now)]
    return [meta["name"], spec["schedule"], *state, *times, *_template(inner), selector_or_none(inner.get("selector"))]


@cells_for("horizontalpodautoscalers.autoscaling")
def autoscaler(obj: Obj, now: float) -> Row:
    spec, status, meta = obj["spec"], _status(obj), obj["metadata"]
    target = f"{spec['scaleTargetRef'].get('kind')}/{spec['scaleTargetRef'].get('name')}"
    least = str(spec["minReplicas"]) if spec.get("minReplicas") is not None else "<unset>"
    born = age(meta["creationTimestamp"], now)
    return [
        meta["name"],
        target,
        _metrics(spec, status),
        least,
        spec.get("maxReplicas", 0),
        status.get("currentReplicas", 0),
        born,
    ]


def _metrics(spec: Obj, status: Obj) -> str:
    shown = []
    current = status.get("currentMetrics") or []
    for index, metric in enumerate(spec.get("metrics") or []):
        resource = metric.get("resource") or metric.get("containerResource") or {}
        target = resource.get("target") or {}
        now = ((current[index] if index < len(current) else {}).get("resource") or {}).get("current") or {}
        if "averageUtilization" in target:
            used = f"{now['averageUtilization']}%" if "averageUtilization" in now else "<unknown>"
            shown.append(f"{resource.get('name')}: {used}/{target['averageUtilization']}%")
        else:
            shown.append(f"{now.get('averageValue', '<unknown>')}/{target.get('averageValue', '<auto>')}")
    return ", ".join(shown[:2]) + (f" + {len(shown) - 2} more..." if len(shown) > 2 else "") if shown else "<none>"


@cells_for("poddisruptionbudgets.policy")
def budget(obj: Obj, now: float) -> Row:
    spec, meta = obj["spec"], obj["metadata"]
    least, most = (str(spec[name]) if name in spec else "N/A" for name in ("minAvailable", "maxUnavailable"))
    return [meta["name"], least, most, _status(obj).get("disruptionsAllowed", 0), age(meta["creationTimestamp"], now)]
