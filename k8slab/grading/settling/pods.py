"""A pod at rest: all containers ready and none of them only between two crashes."""

from __future__ import annotations

from collections.abc import Sequence

from ..finding import YES, Finding, no, not_yet, together
from ..messages import say
from ..objects import (
    called,
    condition,
    controller_of,
    dig,
    entries,
    finished,
    is_true,
    number,
    seconds,
    terminating,
    text,
)
from ..spec import Obj
from ..view import View
from .registry import settles

# a container that was restarted has to run this long before it counts: it may crash again the next moment
STEADY = 10.0


@settles("Pod")
def pod(view: View, obj: Obj, now: float) -> Finding:
    if terminating(obj):
        return not_yet(say("terminating", object=called(obj)), about=[obj])
    phase = text(obj, "status", "phase")
    if phase == "Succeeded":
        return YES
    if phase == "Failed":
        # its controller puts another one in its place; a pod on its own stays as it is
        verdict = not_yet if controller_of(obj) else no
        return verdict(say("pod-failed", object=called(obj), reason=reason(obj)), about=[obj])
    if not is_true(obj, "Ready") or _stuck(obj):
        return not_yet(say("pod-not-ready", object=called(obj), reason=reason(obj)), about=[obj])
    return _steady(obj, now)


def _containers(obj: Obj) -> list[Obj]:
    return [*entries(obj, "status", "initContainerStatuses"), *entries(obj, "status", "containerStatuses")]


def _stuck(obj: Obj) -> bool:
    return any(dig(status, "state", "waiting") is not None for status in _containers(obj))


def reason(obj: Obj) -> str:
    """Why it is not ready, in one word of the cluster's."""
    if text(obj, "status", "reason"):  # Evicted, DeadlineExceeded: more than its containers know
        return text(obj, "status", "reason")
    for status in _containers(obj):
        for state in ("waiting", "terminated"):
            found = text(status, "state", state, "reason")
            if found and found != "Completed":
                return found
    scheduled = condition(obj, "PodScheduled") or {}
    if scheduled.get("status") == "False":
        return text(scheduled, "reason") or "Pending"
    ready = text(condition(obj, "Ready") or {}, "reason")
    return ready or text(obj, "status", "phase") or "Pending"


def _steady(obj: Obj, now: float) -> Finding:
    for status in entries(obj, "status", "containerStatuses"):
        restarts = number(status, "restartCount")
        started = seconds(dig(status, "state", "running", "startedAt"))
        if restarts and started is not None and now - started < STEADY:
            message = say("restarting", object=called(obj), container=text(status, "name"), restarts=restarts)
            return not_yet(message, about=[obj], again_at=started + STEADY)
    return YES


def all_pods(view: View, pods: Sequence[Obj], now: float) -> Finding:
    """Every pod of a workload. Finished ones are history: their workload has replaced them."""
    return together(pod(view, obj, now) for obj in pods if not finished(obj))
