"""Jobs and cron jobs."""

from __future__ import annotations

from datetime import datetime

from ...labelselectors import selector_text
from ...output.ages import duration
from ...output.godump import go_value
from ..about import About, count, either, moment
from ..events import write_events
from ..metadata import write_controller, write_head, write_marks
from ..podtemplate import write_template
from ..registry import describes
from ..text import Text

INDEXES = 50  # characters after which a list of indexes is cut, at the next comma


@describes("Job", "batch")
def describe(about: About, to: Text) -> None:
    spec = about.spec
    to.field("Name", about.name)
    to.field("Namespace", about.namespace)
    to.field("Selector", selector_text(spec.get("selector")))
    write_marks(about, to)
    write_controller(about, to)
    if spec.get("parallelism") is not None:
        to.field("Parallelism", spec["parallelism"])
    to.field("Completions", "<unset>" if spec.get("completions") is None else spec["completions"])
    for title, key in (
        ("Completion Mode", "completionMode"),
        ("Suspend", "suspend"),
        ("Backoff Limit", "backoffLimit"),
        ("TTL Seconds After Finished", "ttlSecondsAfterFinished"),
    ):
        if spec.get(key) is not None:
            to.field(title, go_value(spec[key]))
    _times(about, to)
    _pods(about, to)
    write_template(to, spec.get("template"))
    write_events(about, to)


def _times(about: About, to: Text) -> None:
    started, ended = about.status.get("startTime"), about.status.get("completionTime")
    if started:
        to.field("Start Time", moment(started))
    if ended:
        to.field("Completed At", moment(ended))
    if started and ended:
        length = datetime.fromisoformat(ended) - datetime.fromisoformat(started)
        to.field("Duration", duration(length.total_seconds()))
    if about.spec.get("activeDeadlineSeconds") is not None:
        to.field("Active Deadline Seconds", f"{about.spec['activeDeadlineSeconds']}s")


def _pods(about: About, to: Text) -> None:
    status = about.status
    ready = "" if status.get("ready") is None else f" ({status['ready']} Ready)"
    ended = f"{count(status.get('succeeded'))} Succeeded / {count(status.get('failed'))} Failed"
    to.field("Pods Statuses", f"{count(status.get('active'))} Active{ready} / {ended}")
    if about.spec.get("completionMode") == "Indexed":
        to.field("Completed Indexes", _indexes(str(status.get("completedIndexes") or "")))


def _indexes(text: str) -> str:
    comma = text.find(",", INDEXES)
    return f"{text[: comma + 1]}..." if comma >= 0 else text or "<none>"


@describes("CronJob", "batch")
def describe_cron_job(about: About, to: Text) -> None:
    spec, job = about.spec, (about.spec.get("jobTemplate") or {}).get("spec") or {}
    write_head(about, to)
    to.field("Schedule", spec.get("schedule", ""))
    to.field("Concurrency Policy", spec.get("concurrencyPolicy", ""))
    to.field("Suspend", either(spec.get("suspend")))
    for title, key in (
        ("Successful Job History Limit", "successfulJobsHistoryLimit"),
        ("Failed Job History Limit", "failedJobsHistoryLimit"),
    ):
        to.field(title, "<unset>" if spec.get(key) is None else spec[key])
    deadline = spec.get("startingDeadlineSeconds")
    to.field("Starting Deadline Seconds", "<unset>" if deadline is None else f"{deadline}s")
    to.field("Selector", "<unset>" if job.get("selector") is None else selector_text(job["selector"]))
    for title in ("Parallelism", "Completions"):
        to.field(title, "<unset>" if job.get(title.lower()) is None else job[title.lower()])
    if job.get("activeDeadlineSeconds") is not None:
        to.field("Active Deadline Seconds", f"{job['activeDeadlineSeconds']}s")
    write_template(to, job.get("template") or {})
    last = about.status.get("lastScheduleTime")
    to.field("Last Schedule Time", moment(last) if last else "<unset>")
    to.field("Active Jobs", ", ".join(str(each.get("name")) for each in about.status.get("active") or ()) or "<none>")
    write_events(about, to)
