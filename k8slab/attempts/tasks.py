"""What workers do. Each takes ids only, and may be run twice without harm."""

from __future__ import annotations

from typing import Any

from k8slab.celery import app

from . import actions, deciding, handing_in, preparing, sweeping
from .queue import enqueue

SHORTLY = 0.05  # seconds


@app.task(name="attempts.prepare")
def prepare(attempt_id: str) -> None:
    if not preparing.prepare(attempt_id):
        enqueue(prepare, attempt_id, after=SHORTLY)


@app.task(name="attempts.submit")
def submit(submission_id: str) -> None:
    if not preparing.is_prepared(submission_id):
        enqueue(submit, submission_id, after=SHORTLY)
        return
    submission = actions.claim(submission_id)
    if submission and handing_in.apply(submission):
        decide(str(submission.attempt_id))


@app.task(name="attempts.decide")
def decide(attempt_id: str) -> None:
    pause = deciding.decide(attempt_id)
    if pause is not None:
        enqueue(decide, attempt_id, after=pause)


@app.task(name="attempts.cluster_changed")
def cluster_changed(namespace: str, kinds: list[list[str]]) -> None:
    attempt_id = deciding.concerned(namespace, frozenset((version, kind) for version, kind in kinds))
    if attempt_id:
        decide(attempt_id)


@app.task(name="attempts.sweep")
def sweep() -> None:
    todo: dict[str, Any] = {"submit": submit, "decide": decide, "prepare": prepare}
    for job, key in sweeping.stuck():
        enqueue(todo[job], key)
