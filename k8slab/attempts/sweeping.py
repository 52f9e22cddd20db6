"""Finds what a killed worker or a lost message has left behind, and gets it going again or ends it as `error`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from django.utils import timezone

from . import actions
from .models import Attempt, Submission

Phase = Submission.Phase
Job = Literal["submit", "decide", "prepare"]

LOST = timedelta(seconds=5)  # a queued submission that nobody took: its message is lost
DEAD = timedelta(seconds=15)  # an apply that says nothing: its worker died
QUIET = timedelta(seconds=5)  # a submission that waits: look, in case no watch event came
TRIES = 3
NEVER_BEGUN = timedelta(seconds=60)
TOO_LONG = timedelta(minutes=5)  # longer than any `within`


def stuck() -> Iterator[tuple[Job, str]]:
    """What to do again, as (job, id). Ends by itself what was tried too often."""
    now = timezone.now()
    yield from _queued(now - LOST)
    yield from _applying(now - DEAD)
    yield from _waiting(now - QUIET)
    yield from _unprepared(now - LOST)


def _queued(before: datetime) -> Iterator[tuple[Job, str]]:
    for submission in Submission.objects.filter(phase=Phase.QUEUED, moved__lt=before).select_related("attempt"):
        if submission.submitted < timezone.now() - NEVER_BEGUN:
            actions.fail(submission, "never-begun")
        else:
            yield "submit", str(submission.pk)


def _applying(before: datetime) -> Iterator[tuple[Job, str]]:
    for submission in Submission.objects.filter(phase=Phase.APPLYING, moved__lt=before).select_related("attempt"):
        if submission.tries >= TRIES:
            actions.fail(submission, "worker-lost")
        elif actions.requeue(submission):
            yield "submit", str(submission.pk)


def _waiting(before: datetime) -> Iterator[tuple[Job, str]]:
    phases = (Phase.WAITING, Phase.DECIDING)
    for submission in Submission.objects.filter(phase__in=phases, moved__lt=before).select_related("attempt"):
        if submission.submitted < timezone.now() - TOO_LONG:
            actions.fail(submission, "never-decided")
        else:
            yield "decide", str(submission.attempt_id)


def _unprepared(before: datetime) -> Iterator[tuple[Job, str]]:
    waiting = Attempt.objects.filter(current=True, prepared__isnull=True)
    for key in waiting.filter(sandbox__changed__lt=before).values_list("pk", flat=True):
        yield "prepare", str(key)
