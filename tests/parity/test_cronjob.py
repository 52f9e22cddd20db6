"""CronJob: what it says of its schedule, and the jobs that it makes.

Nobody waits for a minute to begin: a time that was missed is made up for at once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from k8slab.kube.errors import Invalid
from tests.parity.manifests import FOREVER, Obj, busybox, container, cron_job, job
from tests.parity.space import Space, names
from tests.parity.waiting import eventually

LONG = container("c", "busybox:1.36", command=FOREVER)
EVERY_MINUTE = "* * * * *"


def overdue(space: Space, name: str, **status: Any) -> None:
    """It last ran a while ago."""
    long_ago = (datetime.now(UTC) - timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:00Z")
    space.patch("CronJob", name, {"status": {"lastScheduleTime": long_ago, **status}}, subresource="status")


def job_of(space: Space, cron: Obj, name: str, what: Obj) -> Obj:
    """A job that the CronJob's controller may have started some minutes ago."""
    meta = cron["metadata"]
    owner = {"apiVersion": "batch/v1", "kind": "CronJob", "name": meta["name"], "uid": meta["uid"], "controller": True}
    body = job(name, what)
    body["metadata"]["ownerReferences"] = [owner]
    return space.create(body)


def made_by(space: Space, name: str) -> list[Obj]:
    return [
        one
        for one in space.all("Job")
        if any(owner["name"] == name for owner in one["metadata"].get("ownerReferences") or ())
    ]


def test_a_missed_time_is_made_up_for(space: Space) -> None:
    space.create(cron_job("tick", busybox("true"), schedule=EVERY_MINUTE, suspend=True))
    overdue(space, "tick")
    space.patch("CronJob", "tick", {"spec": {"suspend": False}})
    (made,) = eventually(lambda: made_by(space, "tick"))
    number = made["metadata"]["name"].removeprefix("tick-")
    assert abs(int(number) - datetime.now(UTC).timestamp() / 60) < 2  # minutes since 1970
    assert "batch.kubernetes.io/cronjob-scheduled-timestamp" in made["metadata"]["annotations"]
    assert space.event("tick", "SuccessfulCreate")["message"] == f"Created job {made['metadata']['name']}"
    eventually(lambda: space.get("CronJob", "tick")["status"].get("lastScheduleTime"))


def test_a_suspended_one_does_nothing(space: Space) -> None:
    space.create(cron_job("tick", busybox("true"), schedule=EVERY_MINUTE, suspend=True))
    space.create(cron_job("tock", busybox("true"), schedule=EVERY_MINUTE, suspend=True))
    for name in ("tick", "tock"):
        overdue(space, name)
    space.patch("CronJob", "tock", {"spec": {"suspend": False}})
    eventually(lambda: made_by(space, "tock"))
    assert not made_by(space, "tick")


def test_forbid_waits_for_the_one_that_runs(space: Space) -> None:
    cron = space.create(cron_job("tick", LONG, schedule=EVERY_MINUTE, suspend=True, concurrencyPolicy="Forbid"))
    earlier = job_of(space, cron, "tick-earlier", LONG)["metadata"]
    held = {"apiVersion": "batch/v1", "kind": "Job", **{key: earlier[key] for key in ("namespace", "name", "uid")}}
    overdue(space, "tick", active=[held])
    space.patch("CronJob", "tick", {"spec": {"suspend": False}})
    message = space.event("tick", "JobAlreadyActive")["message"]
    assert message == "Not starting job because prior execution is running and concurrency policy is Forbid"
    assert names(made_by(space, "tick")) == {"tick-earlier"}


def test_its_jobs_go_with_it(space: Space) -> None:
    space.create(cron_job("tick", LONG, schedule=EVERY_MINUTE, suspend=True))
    overdue(space, "tick")
    space.patch("CronJob", "tick", {"spec": {"suspend": False}})
    eventually(lambda: made_by(space, "tick"))
    space.delete("CronJob", "tick")
    eventually(lambda: not made_by(space, "tick"))


def test_only_so_many_ended_jobs_stay(space: Space) -> None:
    made = space.create(
        cron_job("tick", busybox("true"), suspend=True, successfulJobsHistoryLimit=1, failedJobsHistoryLimit=0)
    )
    for name in ("one", "two"):
        job_of(space, made, name, busybox("true"))
        space.has("Job", name, "Complete")
    space.patch("CronJob", "tick", {"metadata": {"annotations": {"look": "again"}}})
    eventually(lambda: len(made_by(space, "tick")) == 1)
    assert names(made_by(space, "tick")) <= {"one", "two"}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("schedule", "61 * * * *", 'Invalid value: "61 * * * *": end of range (61) above maximum (59): 61'),
        ("schedule", "@often", 'Invalid value: "@often": unrecognized descriptor: @often'),
        ("timeZone", "Mars/Base", 'Invalid value: "Mars/Base": unknown time zone Mars/Base'),
        ("concurrencyPolicy", "Never", 'Unsupported value: "Never": supported values: "Allow", "Forbid", "Replace"'),
    ],
)
def test_what_is_no_schedule_is_refused(space: Space, field: str, value: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        space.create(cron_job("tick", busybox("true"), **{field: value}))
    assert [(one.field, one.message) for one in refused.value.causes] == [(f"spec.{field}", message)]
