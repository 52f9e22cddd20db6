"""What workers do. Each takes ids only, and may be run twice without harm."""

from __future__ import annotations

from typing import Any

from k8slab.celery import app
from k8slab.sandbox import actions as sandboxes

from . import actions, deciding, handing_in, preparing, sweeping
from .queue import enqueue

ONCE_MORE = 1.0  # seconds until a cluster in trouble is asked again


@app.task(name="attempts.prepare")  # type: ignore[untyped-decorator]  # celery ships no types
def prepare(attempt_id: str) -> None:
    """Then what was handed in meanwhile has its turn."""
    pause = preparing.prepare(attempt_id)
    if pause is not None:
        enqueue(prepare, attempt_id, after=pause)
    for submission_id in handing_in.waiting(attempt_id):
        enqueue(submit, submission_id)


@app.task(name="attempts.renew")  # type: ignore[untyped-decorator]  # celery ships no types
def renew(attempt_id: str) -> None:
    """A new namespace for the old one."""
    pause = preparing.renew(attempt_id)
    if pause is None:
        prepare(attempt_id)
    else:
        enqueue(renew, attempt_id, after=pause)


@app.task(name="attempts.close_idle")  # type: ignore[untyped-decorator]  # celery ships no types
def close_idle() -> None:
    preparing.close_idle()


@app.task(name="attempts.submit")  # type: ignore[untyped-decorator]  # celery ships no types
def submit(submission_id: str) -> None:
    """Leaves it in the queue while the sandbox is being set up: `prepare` comes back to it."""
    if not handing_in.may_begin(submission_id):
        return
    submission = actions.claim(submission_id)
    if submission is None:
        return
    what_next = handing_in.apply(submission)
    if what_next == "prepare":
        enqueue(prepare, str(submission.attempt_id))
    elif what_next == "again":
        enqueue(submit, submission_id, after=ONCE_MORE)
    elif what_next == "decide":
        decide(str(submission.attempt_id))


@app.task(name="attempts.decide")  # type: ignore[untyped-decorator]  # celery ships no types
def decide(attempt_id: str) -> None:
    pause = deciding.decide(attempt_id)
    if pause is not None:
        enqueue(decide, attempt_id, after=pause)


@app.task(name="attempts.cluster_changed")  # type: ignore[untyped-decorator]  # celery ships no types
def cluster_changed(namespace: str, kinds: list[list[str]]) -> None:
    attempt_id = deciding.concerned(namespace, frozenset((version, kind) for version, kind in kinds))
    if attempt_id:
        decide(attempt_id)


@app.task(name="attempts.adopt")  # type: ignore[untyped-decorator]  # celery ships no types
def adopt(namespace: str) -> None:
    if sandbox := sandboxes.adopt(namespace):
        cluster_changed(sandbox.namespace, [["v1", "Namespace"]])


@app.task(name="attempts.sweep")  # type: ignore[untyped-decorator]  # celery ships no types
def sweep() -> None:
    todo: dict[str, Any] = {"submit": submit, "decide": decide, "prepare": prepare}
    for job, key in sweeping.stuck():
        enqueue(todo[job], key)
