"""CronJobs: start a Job whenever the schedule says so, and keep the history short."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from k8slab.emulator.clock import timestamp
from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.batch import conditions, schedule
from k8slab.emulator.controllers.cache import controller_of, key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.events import reference
from k8slab.emulator.controllers.job import JOBS
from k8slab.emulator.controllers.times import parse_timestamp
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.status import ApiError

CRON_JOBS = "cronjobs.batch"
SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp"
LATE_BY = 0.1  # so that a timer that is a bit early does not find the minute not come yet
MANY_MISSED = 100


@controller("cronjob")
class CronJobs:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._events = desk.events("cronjob-controller")
        self._crons, self._jobs = desk.cache.of(CRON_JOBS), desk.cache.of(JOBS)
        self._queue = desk.queue("cronjob", self.reconcile)
        self._crons.on_change(lambda change: self._queue.add(key_of(change.new)))
        self._jobs.on_change(self._job_changed)

    def _job_changed(self, change: Change) -> None:
        owner = controller_of(change.new)
        if owner is not None and owner["kind"] == "CronJob":
            self._queue.add(f"{change.new['metadata']['namespace']}/{owner['name']}")

    def reconcile(self, key: str) -> None:
        cron = self._crons.get(key)
        if cron is None:
            return
        jobs = self._jobs.owned_by(cron["metadata"]["uid"])
        self._trim(cron, jobs)
        status = self._look(cron, jobs)
        try:
            if not podlib.is_terminating(cron) and not cron["spec"].get("suspend"):
                status = self._start(cron, status)
        finally:
            self._write(cron, status)

    def _write(self, cron: Obj, status: dict[str, Any]) -> None:
        if status != (cron.get("status") or {}):
            self._api.update(CRON_JOBS, {**cron, "status": status}, "status")

    def _trim(self, cron: Obj, jobs: list[Obj]) -> None:
        for kind, limit in (
            ("Complete", cron["spec"].get("successfulJobsHistoryLimit", 3)),
            ("Failed", cron["spec"].get("failedJobsHistoryLimit", 1)),
        ):
            ended = [job for job in jobs if conditions.holds(conditions.of(job), kind)]
            ended.sort(key=lambda job: ((job.get("status") or {}).get("startTime") or "", job["metadata"]["name"]))
            for job in ended[: max(0, len(ended) - limit)]:
                self._delete(cron, job)

    def _look(self, cron: Obj, jobs: list[Obj]) -> dict[str, Any]:
        """The status with what became of the Jobs that ran."""
        status = dict(cron.get("status") or {})
        by_uid = {job["metadata"]["uid"]: job for job in jobs}
        active = []
        for held in status.pop("active", None) or ():
            job = by_uid.get(held["uid"])
            if job is None:
                self._events.warning(cron, "MissingJob", f"Active job went missing: {held['name']}")
            elif conditions.is_finished(job):
                status |= self._saw_end(cron, job, status)
            else:
                active.append(held)
        known = {held["uid"] for held in active}
        for uid, job in by_uid.items():
            if uid not in known and not conditions.is_finished(job) and not podlib.is_terminating(job):
                text = f"Saw a job that the controller did not create or forgot: {job['metadata']['name']}"
                self._events.warning(cron, "UnexpectedJob", text)
        return {**status, **({"active": active} if active else {})}

    def _saw_end(self, cron: Obj, job: Obj, status: dict[str, Any]) -> dict[str, Any]:
        complete = conditions.holds(conditions.of(job), "Complete")
        text = f"Saw completed job: {job['metadata']['name']}, condition: {'Complete' if complete else 'Failed'}"
        self._events.normal(cron, "SawCompletedJob", text)
        ended = (job.get("status") or {}).get("completionTime")
        if not complete or not ended or ended < (status.get("lastSuccessfulTime") or ""):
            return {}
        return {"lastSuccessfulTime": ended}

    def _start(self, cron: Obj, status: dict[str, Any]) -> dict[str, Any]:
        spec, now = cron["spec"], self._desk.clock.now()
        try:
            times = schedule.parse(spec["schedule"], spec.get("timeZone"))
        except schedule.BadSchedule as error:
            self._events.warning(cron, "UnparseableSchedule", f'unparseable schedule: "{spec["schedule"]}" : {error}')
            return status
        following = times.after(now)
        if following is not None:
            self._queue.add_after(key_of(cron), following - now + LATE_BY)
        due = self._due(cron, status, times)
        if due is None:
            return status
        deadline = spec.get("startingDeadlineSeconds")
        if deadline is not None and due + deadline < now:
            when = datetime.fromtimestamp(due, UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
            self._events.warning(cron, "MissSchedule", f"Missed scheduled time to start a job: {when}")
            return status
        return self._run(cron, status, due)

    def _due(self, cron: Obj, status: dict[str, Any], times: schedule.Cron | schedule.Every) -> float | None:
        now, deadline = self._desk.clock.now(), cron["spec"].get("startingDeadlineSeconds")
        since = parse_timestamp(status.get("lastScheduleTime") or cron["metadata"]["creationTimestamp"])
        if deadline is not None:
            since = max(since, now - deadline)
        due, missed = schedule.latest(times, since, now)
        if missed > MANY_MISSED:
            text = "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"
            self._events.warning(cron, "TooManyMissedTimes", text)
        return due

    def _run(self, cron: Obj, status: dict[str, Any], due: float) -> dict[str, Any]:
        active, policy = list(status.get("active") or ()), cron["spec"].get("concurrencyPolicy", "Allow")
        name = f"{cron['metadata']['name']}-{int(due) // 60}"
        if any(held["name"] == name for held in active):
            return status
        if policy == "Forbid" and active:
            text = "Not starting job because prior execution is running and concurrency policy is Forbid"
            self._events.normal(cron, "JobAlreadyActive", text)
            return status
        if policy == "Replace":
            for held in active:
                job = self._jobs.get(f"{held['namespace']}/{held['name']}")
                if job is not None:
                    self._delete(cron, job)
            active = []
        made = self._create(cron, name, due)
        if made is not None:
            active.append(reference(made))
        kept = {key: value for key, value in status.items() if key != "active"}
        return {**kept, **({"active": active} if active else {}), "lastScheduleTime": timestamp(due)}

    def _create(self, cron: Obj, name: str, due: float) -> Obj | None:
        """None where it ran already."""
        namespace = cron["metadata"]["namespace"]
        try:
            made = self._api.create(JOBS, _job(cron, name, due), namespace)
        except ApiError as error:
            held = self._jobs.get(f"{namespace}/{name}")
            owner = controller_of(held) if held is not None else None
            if error.reason == "AlreadyExists" and owner is not None and owner["uid"] == cron["metadata"]["uid"]:
                return None if held is None or conditions.is_finished(held) else held
            self._events.warning(cron, "FailedCreate", f"Error creating job: {error.message}")
            raise
        self._events.normal(cron, "SuccessfulCreate", f"Created job {name}")
        return made

    def _delete(self, cron: Obj, job: Obj) -> None:
        meta = job["metadata"]
        try:
            self._api.delete(JOBS, meta["name"], meta["namespace"], propagation="Background", uid=meta["uid"])
        except ApiError as error:
            if error.code == 404:
                return
            self._events.warning(cron, "FailedDelete", f"Deleted job: {error.message}")
            raise
        self._events.normal(cron, "SuccessfulDelete", f"Deleted job {meta['name']}")


def _job(cron: Obj, name: str, due: float) -> Obj:
    template = cron["spec"]["jobTemplate"]
    given = template.get("metadata") or {}
    zone = cron["spec"].get("timeZone")
    when = datetime.fromtimestamp(due, ZoneInfo(zone)).isoformat() if zone else timestamp(due)
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": name,
            "annotations": {**(given.get("annotations") or {}), SCHEDULED: when},
            **({"labels": given["labels"]} if given.get("labels") else {}),
            "ownerReferences": [podlib.owner_reference(cron)],
        },
        "spec": template["spec"],
    }
