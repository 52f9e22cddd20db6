"""Jobs: run pods until enough of them succeeded, or too many failed, or time is over."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.batch import conditions, indexes, tracking
from k8slab.emulator.controllers.batch.backoff import Backoff
from k8slab.emulator.controllers.batch.conditions import Verdict
from k8slab.emulator.controllers.batch.failurepolicy import ruling, success_by_policy
from k8slab.emulator.controllers.batch.jobpods import JobPods, wanted_pods
from k8slab.emulator.controllers.batch.tracking import Tally
from k8slab.emulator.controllers.cache import controller_of, key_of, owner_keys
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.labels import labels_of, matches
from k8slab.emulator.controllers.times import parse_timestamp
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.status import ApiError

JOBS = "jobs.batch"
MANAGER = "kubernetes.io/job-controller"


@controller("job")
class Jobs:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._events = desk.events("job-controller")
        self._jobs, self._pods = desk.cache.of(JOBS), desk.cache.of("pods")
        self._own = JobPods(desk.api, self._events)
        self._backoffs: dict[str, Backoff] = {}
        self._queue = desk.queue("job", self.reconcile)
        self._orphans = desk.queue("job-orphan-pods", self._free_orphan)
        self._jobs.on_change(self._job_changed)
        self._pods.on_change(self._pod_changed)

    def _job_changed(self, change: Change) -> None:
        if change.type == "DELETED":
            self._backoffs.pop(change.new["metadata"]["uid"], None)
            for pod in self._pods.owned_by(change.new["metadata"]["uid"]):
                self._orphans.add(key_of(pod))
        self._queue.add(key_of(change.new))

    def _pod_changed(self, change: Change) -> None:
        pod = change.new
        namespace = pod["metadata"]["namespace"]
        for key in owner_keys(change, "Job"):
            self._queue.add(key)
        if change.type == "DELETED":
            return
        if tracking.is_tracked(pod):
            self._orphans.add(key_of(pod))
        if controller_of(pod) is None:
            for job in self._jobs.in_namespace(namespace):
                if matches(job["spec"].get("selector"), labels_of(pod)):
                    self._queue.add(key_of(job))

    def _free_orphan(self, key: str) -> None:
        """A pod that no Job will count must not be held."""
        pod = self._pods.get(key)
        if pod is None or not tracking.is_tracked(pod):
            return
        owner = controller_of(pod)
        job = self._jobs.get(f"{pod['metadata']['namespace']}/{owner['name']}") if owner else None
        if job is None or owner is None or job["metadata"]["uid"] != owner["uid"] or conditions.is_finished(job):
            tracking.let_go(self._api, pod)

    def reconcile(self, key: str) -> None:
        job = self._jobs.get(key)
        if job is None or job["spec"].get("managedBy", MANAGER) != MANAGER:
            return
        if conditions.is_finished(job):
            for pod in self._pods.owned_by(job["metadata"]["uid"]):
                tracking.let_go(self._api, pod)
            return
        pods = self._claim(job)
        found = tracking.tally(job, pods)
        backoff = self._backoffs.setdefault(job["metadata"]["uid"], Backoff())
        backoff.note(found.succeeded, found.failed, self._desk.clock.now())
        verdict = self._verdict(job, pods, found)
        failure: ApiError | None = None
        if verdict is not None:
            self._own.delete(job, [pod for pod in pods if podlib.is_active(pod)], count=True)
        elif not podlib.is_terminating(job):
            failure = self._manage(job, pods, found, backoff)
        self._write(key, job, found, verdict)
        if podlib.is_terminating(job):
            for pod in self._pods.owned_by(job["metadata"]["uid"]):
                tracking.let_go(self._api, pod)  # nobody will ask for the counts
        if failure is not None:
            raise failure

    def _claim(self, job: Obj) -> list[Obj]:
        held = []
        for pod in self._pods.owned_by(job["metadata"]["uid"]):
            if matches(job["spec"].get("selector"), labels_of(pod)):
                held.append(pod)
            elif not podlib.is_terminating(job) and not podlib.is_terminating(pod):
                podlib.release(self._api, "pods", pod)
        if podlib.is_terminating(job):
            return held
        for pod in self._pods.orphans(job["metadata"]["namespace"]):
            if podlib.is_active(pod) and matches(job["spec"].get("selector"), labels_of(pod)):
                held.append(podlib.adopt(self._api, "pods", pod, job))
        return held

    def _verdict(self, job: Obj, pods: list[Obj], found: Tally) -> Verdict | None:
        return (
            conditions.targeted(conditions.of(job))
            or _failed_by_policy(job, found)
            or self._out_of_patience(job, pods, found)
            or _by_indexes(job, found)
            or _completed(job, pods, found)
        )

    def _out_of_patience(self, job: Obj, pods: list[Obj], found: Tally) -> Verdict | None:
        limit = job["spec"].get("backoffLimit", 6)
        if found.total_failed > limit or _restarted_too_often(job, pods, limit):
            return conditions.TOO_MANY_FAILED
        left = self._seconds_left(job)
        if left is not None and left <= 0:
            return conditions.TOO_LONG
        if left is not None:
            self._queue.add_after(key_of(job), left)
        return None

    def _seconds_left(self, job: Obj) -> float | None:
        seconds = job["spec"].get("activeDeadlineSeconds")
        start = (job.get("status") or {}).get("startTime")
        if seconds is None or job["spec"].get("suspend"):
            return None
        since = parse_timestamp(start) if start else self._desk.clock.now()
        return float(since + seconds - self._desk.clock.now())

    def _manage(self, job: Obj, pods: list[Obj], found: Tally, backoff: Backoff) -> ApiError | None:
        active = [pod for pod in pods if podlib.is_active(pod)]
        if job["spec"].get("suspend"):
            self._own.delete(job, active, count=False)
            return None
        wanted = wanted_pods(job, len(active), found.total_succeeded)
        if len(active) > wanted:
            self._own.shrink(job, active, len(active) - wanted, self._desk.clock.now())
            return None
        dying = [p for p in pods if podlib.is_terminating(p) and not podlib.is_finished(p)]
        held = len(active) + (len(dying) if tracking.replaces_only_failed(job) else 0)
        if held >= wanted:
            return None
        wait = backoff.wait(self._desk.clock.now())
        if wait and job["spec"].get("backoffLimitPerIndex") is None:
            self._queue.add_after(key_of(job), wait)
            return None
        return self._own.create(job, wanted - held, [*active, *dying], found, pods)

    def _write(self, key: str, before: Obj, found: Tally, verdict: Verdict | None) -> None:
        job = self._jobs.get(key)
        if job is None or job["metadata"]["uid"] != before["metadata"]["uid"]:
            return
        status = dict(job.get("status") or {})
        if found.news or status.get("uncountedTerminatedPods"):
            job = self._count(job, {**tracking.noted(status, found)}, found)
            status = job["status"]
        pods = self._pods.owned_by(job["metadata"]["uid"])
        status = self._counts(status, pods)
        status, resumed = self._with_suspension(job, status, verdict)
        if not job["spec"].get("suspend") and (resumed or not status.get("startTime")):
            status["startTime"] = self._desk.now()
        status, ended = self._with_end(status, verdict)
        if status != job.get("status"):
            job = self._api.update(JOBS, {**job, "status": status}, "status")
        if ended is not None:
            self._tell_end(job, ended)
        left = self._seconds_left(job)
        if left is not None and verdict is None:
            self._queue.add_after(key, left)

    def _count(self, job: Obj, status: dict[str, Any], found: Tally) -> Obj:
        start = {} if status.get("startTime") or job["spec"].get("suspend") else {"startTime": self._desk.now()}
        status = {"terminating": 0, "ready": 0, **start, **status}
        job = self._api.update(JOBS, {**job, "status": status}, "status")
        noted = status["uncountedTerminatedPods"]
        done = {*(noted.get("succeeded") or ()), *(noted.get("failed") or ())}
        done |= {pod["metadata"]["uid"] for pod in found.ignored}
        for pod in self._pods.owned_by(job["metadata"]["uid"]):
            if pod["metadata"]["uid"] in done:
                tracking.let_go(self._api, pod)
        return {**job, "status": tracking.counted(status, indexes.is_indexed(job))}

    def _counts(self, status: dict[str, Any], pods: list[Obj]) -> dict[str, Any]:
        active = [pod for pod in pods if podlib.is_active(pod)]
        counts = {
            "terminating": sum(podlib.is_terminating(p) and not podlib.is_finished(p) for p in pods),
            "ready": sum(podlib.is_ready(pod) for pod in active),
        }
        kept = {key: value for key, value in status.items() if key != "active"}
        made = {"uncountedTerminatedPods": {}, **kept, **counts}
        return {**made, **({"active": len(active)} if active else {})}

    def _with_suspension(
        self, job: Obj, status: dict[str, Any], verdict: Verdict | None
    ) -> tuple[dict[str, Any], bool]:
        if verdict is not None or podlib.is_terminating(job):
            return status, False
        suspended = bool(job["spec"].get("suspend"))
        held = status.get("conditions") or []
        now_held, changed = conditions.with_suspension(held, suspended, self._desk.now())
        if not changed:
            return status, False
        self._events.normal(job, *(("Suspended", "Job suspended") if suspended else ("Resumed", "Job resumed")))
        return {**status, "conditions": now_held}, not suspended

    def _with_end(self, status: dict[str, Any], verdict: Verdict | None) -> tuple[dict[str, Any], Verdict | None]:
        """The end is decided at once, and declared when no pod of the Job is left running."""
        if verdict is None:
            return status, None
        now = self._desk.now()
        held = conditions.added(status.get("conditions") or [], verdict.target, verdict, now)
        if status.get("active") or status["terminating"] or status["ready"]:
            return {**status, "conditions": held}, None
        held = conditions.added(held, verdict.final, verdict, now)
        done = {"completionTime": now} if verdict.success else {}
        return {**status, "conditions": held, **done}, verdict

    def _tell_end(self, job: Obj, verdict: Verdict) -> None:
        if verdict.success:
            self._events.normal(job, "Completed", "Job completed")
        else:
            self._events.warning(job, verdict.reason, verdict.message)


def _failed_by_policy(job: Obj, found: Tally) -> Verdict | None:
    for pod in found.failed:
        action, message = ruling(job, pod)
        if action == "FailJob":
            return Verdict(False, "PodFailurePolicy", message)
    return None


def _by_indexes(job: Obj, found: Tally) -> Verdict | None:
    if not indexes.is_indexed(job):
        return None
    most = job["spec"].get("maxFailedIndexes")
    if most is not None and len(found.lost) > most:
        return conditions.TOO_MANY_INDEXES
    if found.lost and len(found.lost | found.completed) >= job["spec"]["completions"]:
        return conditions.FAILED_INDEXES
    return success_by_policy(job, found.completed)


def _completed(job: Obj, pods: list[Obj], found: Tally) -> Verdict | None:
    active = sum(podlib.is_active(pod) for pod in pods)
    completions = job["spec"].get("completions")
    if job["spec"].get("suspend") and completions != 0:
        return None
    if completions is None:
        return conditions.REACHED if found.total_succeeded and not active else None
    return conditions.REACHED if found.total_succeeded >= completions and not active else None


def _restarted_too_often(job: Obj, pods: list[Obj], limit: int) -> bool:
    if job["spec"]["template"]["spec"].get("restartPolicy") != "OnFailure":
        return False
    running = [pod for pod in pods if podlib.phase(pod) in ("Running", "Pending")]
    restarts: int = sum(
        entry.get("restartCount", 0)
        for pod in running
        for kind in ("initContainerStatuses", "containerStatuses")
        for entry in (pod.get("status") or {}).get(kind) or ()
    )
    return restarts > 0 if limit == 0 else restarts >= limit
