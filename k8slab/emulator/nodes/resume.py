"""After a restart of the emulator: pods that ran run on, as containers survive the restart of a kubelet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from k8slab.emulator.nodes.container import Container

if TYPE_CHECKING:
    from k8slab.emulator.nodes.pod import PodRun


def resume(run: PodRun) -> None:
    """Takes over start time and restart counts from the reported status."""
    status = run.pod.get("status") or {}
    run.started_at = status.get("startTime") or run.started_at
    run.phase = status.get("phase") or run.phase
    reported = {
        entry["name"]: entry
        for field in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
        for entry in status.get(field) or ()
    }
    for container in run.containers:
        entry = reported.get(container.name)
        if entry is not None:
            _take_over(container, entry)


def _take_over(container: Container, entry: Mapping[str, Any]) -> None:
    container.restarts = int(entry.get("restartCount") or 0)
    container.last_state = dict(entry.get("lastState") or {})
    ended = (entry.get("state") or {}).get("terminated")
    if ended:
        container.state = {"terminated": dict(ended)}
        container.id = entry.get("containerID", "")
        container.image, container.image_id = entry.get("image", ""), entry.get("imageID", "")
        container.ready = bool(entry.get("ready"))
    running = (entry.get("state") or {}).get("running")
    if running:
        container.resumed_at = running.get("startedAt")
        container.ready = bool(entry.get("ready"))
