"""Looks at a namespace, lets the engine judge, keeps what it says, and sees to it that somebody looks again."""

from __future__ import annotations

import logging
import time

from django.core.cache import cache

from k8slab.catalog import shelf
from k8slab.catalog.course import Exercise
from k8slab.grading import engine
from k8slab.grading.report import Report

from . import actions
from .models import Attempt
from .once import one_at_a_time
from .world import GradedWorld

log = logging.getLogger(__name__)
LEAST_PAUSE = 0.05


def decide(attempt_id: str) -> float | None:
    """Grades an attempt once. Returns in how many seconds to look again, None when no time is set for that."""
    pauses: list[float | None] = []
    one_at_a_time(attempt_id, lambda: pauses.append(_decide(attempt_id)))
    pause = pauses[-1] if pauses else None
    return pause if pause is not None and _first_to_ask(attempt_id, pause) else None


def _first_to_ask(attempt_id: str, pause: float) -> bool:
    """Many changes lead to many gradings, but one look at a deadline is enough."""
    return cache.add(f"look.{attempt_id}.{round(time.time() + pause)}", 1, int(pause) + 5)


def _decide(attempt_id: str) -> float | None:
    attempt = Attempt.objects.select_related("sandbox", "student").filter(pk=attempt_id).first()
    exercise = shelf.current().exercise(attempt.exercise) if attempt else None
    if attempt is None or exercise is None or not _counts(attempt):
        return None
    since = _since(attempt)
    world = GradedWorld(attempt.sandbox, alive=lambda: _unchanged(attempt))
    report, memory = engine.grade(exercise.checks, world, attempt.memory, time.time(), since, attempt.vars)
    actions.record_report(attempt, report, memory, exercise.hints_cost)
    return _pause(exercise, report, since)


def _counts(attempt: Attempt) -> bool:
    """A solved exercise stays solved until something new is handed in."""
    if not attempt.current or attempt.prepared is None:
        return False
    under_way = attempt.submissions.filter(phase__in=("waiting", "deciding")).exists()
    return under_way or attempt.state == Attempt.State.OPEN


def _unchanged(attempt: Attempt) -> bool:
    return Attempt.objects.filter(pk=attempt.pk, current=True, prepared=attempt.prepared).exists()


def _since(attempt: Attempt) -> float:
    """When the student last did something by hand: the deadlines of checks count from there."""
    newest = attempt.submissions.values_list("submitted", flat=True).first()
    moments = [moment.timestamp() for moment in (newest, attempt.prepared) if moment]
    return max(moments)


def _pause(exercise: Exercise, report: Report, since: float) -> float | None:
    deadline = engine.next_deadline(exercise.checks, report, since)
    return None if deadline is None else max(LEAST_PAUSE, deadline - time.time())


def concerned(namespace: str, kinds: frozenset[tuple[str, str]]) -> str | None:
    """The id of the attempt whose checks look at one of these kinds in this namespace."""
    attempt = Attempt.objects.filter(sandbox__namespace=namespace, current=True, prepared__isnull=False).first()
    exercise = shelf.current().exercise(attempt.exercise) if attempt else None
    if attempt is None or exercise is None or not _counts(attempt):
        return None
    return str(attempt.pk) if kinds & engine.looks_at(exercise.checks) else None
