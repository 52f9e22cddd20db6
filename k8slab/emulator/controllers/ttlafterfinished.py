"""Deletes finished Jobs when their time to live is over."""

from __future__ import annotations

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.batch import conditions
from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.job import JOBS
from k8slab.emulator.controllers.times import parse_timestamp
from k8slab.emulator.ports import Obj


@controller("ttl-after-finished")
class FinishedJobs:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._jobs = desk.cache.of(JOBS)
        self._queue = desk.queue("ttl-after-finished", self.reconcile)
        self._jobs.on_change(lambda change: self._queue.add(key_of(change.new)))

    def reconcile(self, key: str) -> None:
        job = self._jobs.get(key)
        ttl = job["spec"].get("ttlSecondsAfterFinished") if job is not None else None
        if job is None or ttl is None or podlib.is_terminating(job) or not conditions.is_finished(job):
            return
        left = _finished_at(job) + ttl - self._desk.clock.now()
        if left > 0:
            self._queue.add_after(key, left)
            return
        meta = job["metadata"]
        self._desk.api.delete(JOBS, meta["name"], meta["namespace"], propagation="Foreground", uid=meta["uid"])


def _finished_at(job: Obj) -> float:
    ends = [c for c in conditions.of(job) if c["type"] in ("Complete", "Failed") and c["status"] == "True"]
    return parse_timestamp(ends[0]["lastTransitionTime"])
