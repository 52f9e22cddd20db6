"""The pods of a Job: made from its template, and taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.batch import indexes
from k8slab.emulator.controllers.batch.tracking import FINALIZER, Tally, let_go
from k8slab.emulator.controllers.events import Events
from k8slab.emulator.controllers.victims import by_deletion_order
from k8slab.emulator.ports import Api, Obj
from k8slab.emulator.status import ApiError

BURST = 500


def wanted_pods(job: Obj, active: int, succeeded: int) -> int:
    """How many pods the Job should run now. Without completions, one success ends the making of new ones."""
    parallelism: int = job["spec"].get("parallelism", 1)
    completions: int | None = job["spec"].get("completions")
    if completions is None:
        return min(active, parallelism) if succeeded else parallelism
    return max(0, min(parallelism, completions - succeeded))


class JobPods:
    def __init__(self, api: Api, events: Events) -> None:
        self._api, self._events = api, events

    def create(self, job: Obj, count: int, living: Sequence[Obj], found: Tally, pods: Sequence[Obj]) -> ApiError | None:
        if not indexes.is_indexed(job):
            return self._create_all(job, [_plain(job)] * min(count, BURST))
        busy = {indexes.index_of(pod) for pod in living} | found.completed | found.lost
        free = [index for index in range(job["spec"]["completions"]) if index not in busy]
        return self._create_all(job, [_numbered(job, index, pods) for index in free[: min(count, BURST)]])

    def _create_all(self, job: Obj, bodies: Sequence[Obj]) -> ApiError | None:
        for body in bodies:
            try:
                made = self._api.create("pods", body, job["metadata"]["namespace"])
            except ApiError as error:
                if any(cause.reason == "NamespaceTerminating" for cause in error.causes):
                    return None
                self._events.warning(job, "FailedCreate", f"Error creating: {error.message}")
                return error
            self._events.normal(job, "SuccessfulCreate", f"Created pod: {made['metadata']['name']}")
        return None

    def shrink(self, job: Obj, active: Sequence[Obj], count: int, now: float) -> None:
        """Pods of an index that is out of range or taken twice go first."""
        spare: list[Obj] = []
        rest: list[Obj] = []
        taken: set[int] = set()
        for pod in active:
            index = indexes.index_of(pod)
            of_use = not indexes.is_indexed(job) or (0 <= index < job["spec"]["completions"] and index not in taken)
            taken.add(index)
            (rest if of_use else spare).append(pod)
        self.delete(job, [*spare, *by_deletion_order(rest, active, now)][:count], count=False)

    def delete(self, job: Obj, pods: Sequence[Obj], *, count: bool) -> None:
        """A pod that the Job itself no longer wants is let go first, and so not counted as a failure."""
        for pod in pods:
            meta = pod["metadata"]
            if not count:
                let_go(self._api, pod)
            try:
                self._api.delete("pods", meta["name"], meta["namespace"], uid=meta["uid"])
            except ApiError as error:
                if error.code == 404:
                    continue
                self._events.warning(job, "FailedDelete", f"Error deleting: {error.message}")
                raise
            self._events.normal(job, "SuccessfulDelete", f"Deleted pod: {meta['name']}")


def _plain(job: Obj) -> Obj:
    return _tracked(job, job["spec"]["template"], f"{job['metadata']['name']}-")


def _numbered(job: Obj, index: int, pods: Sequence[Obj]) -> Obj:
    name = job["metadata"]["name"]
    failures = None
    if job["spec"].get("backoffLimitPerIndex") is not None:
        before = [p for p in pods if indexes.index_of(p) == index and podlib.phase(p) == "Failed"]
        failures = max((indexes.failures_of(p) + 1 for p in before), default=0)
    template = indexes.numbered(job["spec"]["template"], name, index, failures)
    return _tracked(job, template, f"{name}-{index}-")


def _tracked(job: Obj, template: Any, prefix: str) -> Obj:
    given = (template.get("metadata") or {}).get("finalizers") or []
    return podlib.from_template(template, job, generateName=prefix, finalizers=[*given, FINALIZER])
