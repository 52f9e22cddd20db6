"""Rows of pods and nodes."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.ports import Obj
from k8slab.emulator.tables import age, cells_for

NONE = "<none>"


@cells_for("pods")
def pod(obj: Obj, now: float) -> list[Any]:
    spec, status, meta = obj["spec"], obj.get("status") or {}, obj["metadata"]
    reason, ready, restarts = pod_state(obj, now)
    total = len(spec.get("containers") or []) + sum(
        1 for one in spec.get("initContainers") or [] if one.get("restartPolicy") == "Always"
    )
    ip = (status.get("podIPs") or [{}])[0].get("ip") or status.get("podIP") or NONE
    places = [ip, spec.get("nodeName") or NONE, status.get("nominatedNodeName") or NONE]
    born = age(meta["creationTimestamp"], now)
    return [meta["name"], f"{ready}/{total}", reason, restarts, born, *places, _gates(spec, status)]


def _gates(spec: Obj, status: Obj) -> str:
    gates = spec.get("readinessGates") or []
    if not gates:
        return NONE
    true = {one["type"] for one in status.get("conditions") or [] if one["status"] == "True"}
    return f"{sum(1 for one in gates if one['conditionType'] in true)}/{len(gates)}"


def pod_state(obj: Obj, now: float) -> tuple[str, int, str]:
    """STATUS, ready containers and RESTARTS, as kubectl get shows them."""
    spec, status = obj["spec"], obj.get("status") or {}
    reason = status.get("reason") or status.get("phase") or ""
    for condition in status.get("conditions") or []:
        if condition["type"] == "PodScheduled" and condition.get("reason") == "SchedulingGated":
            reason = "SchedulingGated"
    starting, initializing, ready, restarts, last = _init_state(spec, status)
    if starting is not None:
        reason = starting
    if not initializing or _is_initialized(status):
        reason, more, count, when = _main_state(status, reason)
        ready, restarts = ready + more, count + (restarts if not initializing else 0)
        last = max(last, when)
    if "deletionTimestamp" in obj["metadata"]:
        if status.get("reason") == "NodeLost":
            reason = "Unknown"
        elif status.get("phase") not in ("Failed", "Succeeded"):
            reason = "Terminating"
    told = f"{restarts} ({age(last, now)} ago)" if restarts and last else str(restarts)
    return reason, ready, told


def _is_initialized(status: Obj) -> bool:
    return any(one["type"] == "Initialized" and one["status"] == "True" for one in status.get("conditions") or [])


def _finished(one: Obj) -> str:
    return str(((one.get("lastState") or {}).get("terminated") or {}).get("finishedAt") or "")


def _init_state(spec: Obj, status: Obj) -> tuple[str | None, bool, int, int, str]:
    """Reason while init containers run, whether they still do, ready sidecars, restarts, the last of them."""
    inits = {one["name"]: one for one in spec.get("initContainers") or []}
    ready, restarts, last = 0, 0, ""
    for index, one in enumerate(status.get("initContainerStatuses") or []):
        restarts += one.get("restartCount", 0)
        last = max(last, _finished(one))
        state = one.get("state") or {}
        ended, waiting = state.get("terminated"), state.get("waiting")
        if ended is not None and not ended.get("exitCode"):
            continue
        sidecar = inits.get(one["name"], {}).get("restartPolicy") == "Always"
        if sidecar and one.get("started"):
            ready += bool(one.get("ready"))
            continue
        return _init_reason(ended, waiting, index, len(inits)), True, ready, restarts, last
    return None, False, ready, restarts, last


def _init_reason(ended: Obj | None, waiting: Obj | None, index: int, total: int) -> str:
    if ended is not None:
        if ended.get("reason"):
            return f"Init:{ended['reason']}"
        return f"Init:Signal:{ended['signal']}" if ended.get("signal") else f"Init:ExitCode:{ended.get('exitCode', 0)}"
    if waiting is not None and waiting.get("reason") not in (None, "", "PodInitializing"):
        return f"Init:{waiting['reason']}"
    return f"Init:{index}/{total}"


def _main_state(status: Obj, reason: str) -> tuple[str, int, int, str]:
    ready, restarts, last, running = 0, 0, "", False
    for one in reversed(status.get("containerStatuses") or []):
        restarts += one.get("restartCount", 0)
        last = max(last, _finished(one))
        state = one.get("state") or {}
        ended, waiting = state.get("terminated"), state.get("waiting")
        if waiting is not None and waiting.get("reason"):
            reason = waiting["reason"]
        elif ended is not None:
            code = f"Signal:{ended['signal']}" if ended.get("signal") else f"ExitCode:{ended.get('exitCode', 0)}"
            reason = ended.get("reason") or code
        elif one.get("ready") and state.get("running") is not None:
            running = True
            ready += 1
    if reason == "Completed" and running:
        is_ready = any(one["type"] == "Ready" and one["status"] == "True" for one in status.get("conditions") or [])
        reason = "Running" if is_ready else "NotReady"
    return reason, ready, restarts, last


@cells_for("nodes")
def node(obj: Obj, now: float) -> list[Any]:
    status, meta = obj.get("status") or {}, obj["metadata"]
    info = status.get("nodeInfo") or {}
    addresses = {one["type"]: one["address"] for one in reversed(status.get("addresses") or [])}
    places = [addresses.get(kind, NONE) for kind in ("InternalIP", "ExternalIP")]
    kernel = info.get("kernelVersion") or "<unknown>"
    if info.get("architecture") and info.get("kernelVersion"):
        kernel = f"{kernel} ({info['architecture']})"
    system = [info.get("osImage") or "<unknown>", kernel, info.get("containerRuntimeVersion") or "<unknown>"]
    born = age(meta["creationTimestamp"], now)
    return [meta["name"], _node_state(obj), _roles(meta), born, info.get("kubeletVersion", ""), *places, *system]


def _node_state(obj: Obj) -> str:
    ready = next((one for one in (obj.get("status") or {}).get("conditions") or [] if one["type"] == "Ready"), None)
    state = "Unknown" if ready is None else "Ready" if ready["status"] == "True" else "NotReady"
    return f"{state},SchedulingDisabled" if (obj.get("spec") or {}).get("unschedulable") else state


def _roles(meta: Obj) -> str:
    found = set()
    for key, value in (meta.get("labels") or {}).items():
        if key.startswith("node-role.kubernetes.io/") and len(key) > 24:
            found.add(key[24:])
        elif key == "kubernetes.io/role" and value:
            found.add(value)
    return ",".join(sorted(found)) or NONE
