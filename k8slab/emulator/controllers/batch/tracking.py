"""The finalizer that keeps a Job's pods until they are counted, and the count.

A pod that ends is noted by uid in the status, then let go, then counted; so a crash between any two writes neither
loses a pod nor counts it twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.batch import indexes
from k8slab.emulator.controllers.batch.failurepolicy import ruling
from k8slab.emulator.ports import Api, Obj

FINALIZER = "batch.kubernetes.io/job-tracking"


def is_tracked(pod: Obj) -> bool:
    return FINALIZER in (pod["metadata"].get("finalizers") or ())


def let_go(api: Api, pod: Obj) -> None:
    if not is_tracked(pod):
        return
    meta = pod["metadata"]
    others = [name for name in meta["finalizers"] if name != FINALIZER]
    kept = {key: value for key, value in meta.items() if key != "finalizers"}
    api.update("pods", {**pod, "metadata": {**kept, **({"finalizers": others} if others else {})}})


def replaces_only_failed(job: Obj) -> bool:
    spec = job["spec"]
    return bool(spec.get("podReplacementPolicy") == "Failed" or spec.get("podFailurePolicy"))


def has_failed(job: Obj, pod: Obj) -> bool:
    """A pod that is being deleted counts as failed, unless the Job waits for what becomes of it."""
    phase = podlib.phase(pod)
    if phase == "Failed":
        return True
    if replaces_only_failed(job):
        return podlib.is_terminating(pod) and phase == "Pending"
    return podlib.is_terminating(pod) and phase != "Succeeded"


@dataclass(slots=True)
class Tally:
    """What ended since the last round, and the totals with it."""

    succeeded: list[Obj] = field(default_factory=list)
    failed: list[Obj] = field(default_factory=list)
    ignored: list[Obj] = field(default_factory=list)
    completed: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)
    total_succeeded: int = 0
    total_failed: int = 0

    @property
    def news(self) -> bool:
        return bool(self.succeeded or self.failed or self.ignored)


def tally(job: Obj, pods: Iterable[Obj]) -> Tally:
    status = job.get("status") or {}
    noted = status.get("uncountedTerminatedPods") or {}
    known = {*(noted.get("succeeded") or ()), *(noted.get("failed") or ())}
    completed, lost = (indexes.parse(status.get(name)) for name in ("completedIndexes", "failedIndexes"))
    made = Tally(completed=completed, lost=lost)
    limit = job["spec"].get("completions") if indexes.is_indexed(job) else None
    for pod in pods:
        if not is_tracked(pod) or pod["metadata"]["uid"] in known:
            continue
        if podlib.phase(pod) == "Succeeded":
            _note_success(made, pod, limit)
        elif has_failed(job, pod):
            _note_failure(made, job, pod)
    made.total_failed = status.get("failed", 0) + len(noted.get("failed") or ()) + len(made.failed)
    counted = status.get("succeeded", 0) + len(noted.get("succeeded") or ()) + len(made.succeeded)
    if limit is not None:
        made.completed = {index for index in made.completed if index < limit}
        counted = len(made.completed)
    made.total_succeeded = counted
    return made


def _note_success(made: Tally, pod: Obj, limit: int | None) -> None:
    index = indexes.index_of(pod)
    if limit is not None and (not 0 <= index < limit or index in made.completed):
        made.ignored.append(pod)  # a second success of an index, or one out of range, is let go uncounted
        return
    if limit is not None:
        made.completed.add(index)
    made.succeeded.append(pod)


def _note_failure(made: Tally, job: Obj, pod: Obj) -> None:
    action, _ = ruling(job, pod)
    if action == "Ignore":
        made.ignored.append(pod)
        return
    made.failed.append(pod)
    per_index = job["spec"].get("backoffLimitPerIndex")
    if per_index is not None and (action == "FailIndex" or indexes.failures_of(pod) >= per_index):
        made.lost.add(indexes.index_of(pod))


def noted(status: dict[str, Any], found: Tally) -> dict[str, Any]:
    """The status with the uids of what ended; the counts follow when the pods are let go."""
    held = status.get("uncountedTerminatedPods") or {}
    lists = {
        "succeeded": [*(held.get("succeeded") or ()), *(p["metadata"]["uid"] for p in found.succeeded)],
        "failed": [*(held.get("failed") or ()), *(p["metadata"]["uid"] for p in found.failed)],
    }
    status = {**status, "uncountedTerminatedPods": {name: uids for name, uids in lists.items() if uids}}
    return {**status, **_indexes(found)}


def counted(status: dict[str, Any], indexed: bool) -> dict[str, Any]:
    """The status with the noted pods counted."""
    held = status.get("uncountedTerminatedPods") or {}
    failed = status.get("failed", 0) + len(held.get("failed") or ())
    succeeded = status.get("succeeded", 0) + len(held.get("succeeded") or ())
    if indexed:
        succeeded = len(indexes.parse(status.get("completedIndexes")))
    totals = {"succeeded": succeeded, "failed": failed}
    kept = {key: value for key, value in status.items() if key not in totals}
    return {**kept, **{name: n for name, n in totals.items() if n}, "uncountedTerminatedPods": {}}


def _indexes(found: Tally) -> dict[str, str]:
    held = {"completedIndexes": indexes.render(found.completed), "failedIndexes": indexes.render(found.lost)}
    return {name: text for name, text in held.items() if text}
