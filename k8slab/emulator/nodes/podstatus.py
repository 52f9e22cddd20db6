"""The status that a kubelet reports of a pod."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from k8slab.emulator.clock import timestamp
from k8slab.emulator.nodes.container import Container
from k8slab.emulator.ports import Obj

if TYPE_CHECKING:  # a pod's run writes what is told here
    from k8slab.emulator.nodes.pod import PodRun

OURS = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")


def container_status(container: Container) -> dict[str, Any]:
    status: dict[str, Any] = {"name": container.name, "state": container.state, "lastState": container.last_state}
    status |= {"ready": container.ready, "restartCount": container.restarts}
    created = bool(container.id)
    status["image"] = container.image if created else container.spec["image"]
    status["imageID"] = container.image_id if created else ""
    if created:
        status["containerID"] = container.id
    if container.kind == "ephemeral":
        return status
    status["started"] = container.started
    if created:
        status["resources"] = container.spec.get("resources") or {}
        requests = (container.spec.get("resources") or {}).get("requests")
        if requests:
            status["allocatedResources"] = requests
    if container.spec.get("volumeMounts"):
        status["volumeMounts"] = [_mount(mount) for mount in container.spec["volumeMounts"]]
    if container.box is not None:
        groups = [container.box.gid]
        status["user"] = {"linux": {"uid": container.box.uid, "gid": container.box.gid, "supplementalGroups": groups}}
    return status


def _mount(mount: Mapping[str, Any]) -> dict[str, Any]:
    made = {"name": mount["name"], "mountPath": mount["mountPath"]}
    return {**made, "readOnly": True, "recursiveReadOnly": "Disabled"} if mount.get("readOnly") else made


def conditions(
    pod: Obj,
    phase: str,
    inits: Sequence[Container],
    mains: Sequence[Container],
    *,
    sandbox: bool,
    initialized: bool,
    now: str,
) -> list[dict[str, Any]]:
    """The kubelet's five, then those of others as they are. A time moves when the status does."""
    old = {c["type"]: c for c in (pod.get("status") or {}).get("conditions") or ()}
    ready = _containers_ready(phase, [*(c for c in inits if c.kind == "sidecar"), *mains])
    made = {
        "PodReadyToStartContainers": (sandbox, "", ""),
        "Initialized": _initialized(phase, inits, initialized),
        "Ready": _with_gates(ready, pod, old),
        "ContainersReady": ready,
        "PodScheduled": (True, "", ""),
    }
    generation = pod["metadata"].get("generation", 1)
    result = [_condition(kind, entry, old.get(kind), generation, now) for kind, entry in made.items()]
    return [*result, *(c for kind, c in old.items() if kind not in OURS)]


def _condition(
    kind: str, entry: tuple[bool, str, str], old: Mapping[str, Any] | None, generation: int, now: str
) -> dict[str, Any]:
    value, reason, message = entry
    status = "True" if value else "False"
    since = old["lastTransitionTime"] if old and old["status"] == status else now
    made: dict[str, Any] = {"type": kind, "observedGeneration": generation, "status": status, "lastProbeTime": None}
    made["lastTransitionTime"] = since
    return made | ({"reason": reason} if reason else {}) | ({"message": message} if message else {})


def _names(containers: Sequence[Container]) -> str:
    return f"[{' '.join(c.name for c in containers)}]"


def _initialized(phase: str, inits: Sequence[Container], done: bool) -> tuple[bool, str, str]:
    if done or not inits:
        return (True, "PodCompleted" if phase == "Succeeded" else "", "")
    missing = [c for c in inits if not (c.started if c.kind == "sidecar" else c.exit_code == 0)]
    return (False, "ContainersNotInitialized", f"containers with incomplete status: {_names(missing)}")


def _containers_ready(phase: str, containers: Sequence[Container]) -> tuple[bool, str, str]:
    if phase == "Succeeded":
        return (False, "PodCompleted", "")
    if phase == "Failed":
        return (False, "PodFailed", "")
    unready = [c for c in containers if not c.ready]
    if unready:
        return (False, "ContainersNotReady", f"containers with unready status: {_names(unready)}")
    return (True, "", "")


def _with_gates(ready: tuple[bool, str, str], pod: Obj, old: Mapping[str, Mapping[str, Any]]) -> tuple[bool, str, str]:
    if not ready[0]:
        return ready
    closed = []
    for gate in pod["spec"].get("readinessGates") or ():
        kind = gate["conditionType"]
        if kind not in old:
            closed.append(f'corresponding condition of pod readiness gate "{kind}" does not exist.')
        elif old[kind]["status"] != "True":
            closed.append(f'the status of pod readiness gate "{kind}" is not "True", but {old[kind]["status"]}')
    return (False, "ReadinessGatesNotReady", ", ".join(closed)) if closed else ready


def _phase_so_far(old: Mapping[str, Any]) -> str:
    """Nobody is told of a pod's end before the last of its containers has ended."""
    phase = str(old.get("phase", "Running"))
    return "Running" if phase in ("Succeeded", "Failed") else phase


def status_of(run: PodRun) -> dict[str, Any]:
    """The whole status that the kubelet reports of a pod."""
    old = run.pod.get("status") or {}
    over = run.phase in ("Succeeded", "Failed")
    ended = over and not any(c.is_running for c in run.containers)
    phase = run.phase if ended or not over else _phase_so_far(old)
    status: dict[str, Any] = {
        "observedGeneration": run.pod["metadata"].get("generation", 1),
        "phase": phase,
        "conditions": conditions(
            run.pod,
            phase,
            run.inits,
            run.mains,
            sandbox=run.host is not None and not ended,
            initialized=any(c.id for c in run.mains) or not run.inits,
            now=timestamp(run.kubelet.clock.now()),
        ),
    }
    if ended or not over:
        status |= {k: v for k, v in (("message", run.message), ("reason", run.reason)) if v}
    status |= {"hostIP": run.kubelet.ip, "hostIPs": [{"ip": run.kubelet.ip}]}
    if run.host is not None:
        status |= {"podIP": run.host.ip, "podIPs": [{"ip": run.host.ip}]}
    status["startTime"] = run.started_at
    if run.inits:
        status["initContainerStatuses"] = [container_status(c) for c in run.inits]
    status["containerStatuses"] = [container_status(c) for c in run.mains]
    if run.debuggers:
        status["ephemeralContainerStatuses"] = [container_status(c) for c in run.debuggers]
    status["resources"] = run.pod["spec"].get("resources") or {}
    kept = {k: old[k] for k in ("qosClass", "resourceClaimStatuses", "nominatedNodeName") if k in old}
    return {**status, **kept}
