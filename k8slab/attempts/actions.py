"""Every change of an attempt or a submission: transaction, write, and on commit a word to the student's pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from k8slab.accounts.models import User
from k8slab.catalog.course import Exercise
from k8slab.grading.report import Report
from k8slab.sandbox import actions as sandboxes
from k8slab.sandbox.models import Sandbox

from . import files, reports, tell, variables
from .models import Attempt, Submission

Phase = Submission.Phase
ENDED = (Phase.DECIDED, Phase.ERROR)
PATIENCE = timedelta(seconds=30)  # how long a submission waits for a cluster in trouble


@transaction.atomic
def open_attempt(student: User, exercise: Exercise) -> Attempt:
    """Makes this exercise the one that the student's sandbox is for; the former one is set aside with all its work.

    Returns the attempt; `prepared` is None when the sandbox still has to be set up for it.
    """
    sandbox = sandboxes.request_sandbox(student)
    others = Attempt.objects.filter(sandbox=sandbox, current=True).exclude(exercise=exercise.id)
    for other in others:
        end_open_submissions(other)  # nobody will decide them any more
    others.filter(state=Attempt.State.OPEN).update(state=Attempt.State.SET_ASIDE)
    others.update(current=False, prepared=None)
    fresh = {
        "sandbox": sandbox,
        "content_hash": exercise.hash,
        "vars": variables.pick(exercise, student.pk, sandbox.namespace),
        "worth": exercise.worth,
        "current": False,
    }
    attempt, _ = Attempt.objects.get_or_create(student=student, exercise=exercise.id, defaults=fresh)
    if not attempt.current or sandbox.state not in (Sandbox.State.READY, Sandbox.State.RESETTING):
        _begin_anew(attempt, exercise, sandbox)
    sandboxes.touch(sandbox)
    return attempt


def _begin_anew(attempt: Attempt, exercise: Exercise, sandbox: Sandbox) -> None:
    """The sandbox will be emptied: what was graded before no longer stands there."""
    attempt.sandbox = sandbox
    attempt.current, attempt.prepared = True, None
    attempt.content_hash, attempt.worth = exercise.hash, exercise.worth
    attempt.vars = {**variables.pick(exercise, attempt.student_id, sandbox.namespace), **attempt.vars}
    attempt.report, attempt.memory = None, {}
    if attempt.state == Attempt.State.SET_ASIDE:
        attempt.state = Attempt.State.OPEN
    attempt.save()
    _changed(attempt)


@transaction.atomic
def reset_step(attempt: Attempt, exercise: Exercise) -> None:
    """Back to the exercise's start; submissions and the best score stay."""
    end_open_submissions(attempt)
    _begin_anew(attempt, exercise, sandboxes.request_sandbox(attempt.student))


@transaction.atomic
def mark_prepared(attempt: Attempt) -> None:
    attempt.prepared = timezone.now()
    Attempt.objects.filter(pk=attempt.pk).update(prepared=attempt.prepared)
    _changed(attempt)


@transaction.atomic
def submit(attempt: Attempt, text: str, parts: Sequence[files.Part] = ()) -> Submission:
    """Keeps the text for good; a submission still under way is ended: the newest counts."""
    end_open_submissions(attempt)
    submission = Submission.objects.create(attempt=attempt, text=text, parts=list(parts))
    sandboxes.touch(attempt.sandbox)
    _changed(attempt)
    return submission


def end_open_submissions(attempt: Attempt) -> None:
    attempt.submissions.exclude(phase__in=ENDED).update(phase=Phase.DECIDED, decided=timezone.now())


def claim(submission_id: str) -> Submission | None:
    """Takes a queued submission to apply it; None when somebody else has it or it is over."""
    mine = Submission.objects.filter(pk=submission_id, phase=Phase.QUEUED).update(
        phase=Phase.APPLYING, tries=F("tries") + 1, outcomes=[], problems=[], moved=timezone.now()
    )
    if not mine:
        return None
    submission = Submission.objects.select_related("attempt__sandbox", "attempt__student").get(pk=submission_id)
    with transaction.atomic():
        _changed(submission.attempt)
    return submission


@transaction.atomic
def record_outcomes(submission: Submission, outcomes: Sequence[Mapping[str, Any]]) -> bool:
    """What has become of the objects so far. False when the submission was ended meanwhile: stop applying."""
    alive = Submission.objects.filter(pk=submission.pk, phase=Phase.APPLYING).update(
        outcomes=list(outcomes), moved=timezone.now()
    )
    if alive:
        _changed(submission.attempt)
    return bool(alive)


@transaction.atomic
def refuse(submission: Submission, problems: Sequence[Mapping[str, Any]]) -> None:
    """Nothing of the text could be applied: decided at once, with its problems."""
    Submission.objects.filter(pk=submission.pk, phase=Phase.APPLYING).update(
        phase=Phase.DECIDED, problems=list(problems), decided=timezone.now(), moved=timezone.now()
    )
    _changed(submission.attempt)


@transaction.atomic
def applied(submission: Submission, outcomes: Sequence[Mapping[str, Any]]) -> bool:
    """All objects are with the cluster; from now on checks decide. False when the submission was ended meanwhile."""
    alive = Submission.objects.filter(pk=submission.pk, phase=Phase.APPLYING).update(
        phase=Phase.WAITING, outcomes=list(outcomes), moved=timezone.now()
    )
    if alive:
        _changed(submission.attempt)
    return bool(alive)


@transaction.atomic
def begin_again(submission: Submission) -> None:
    """The namespace has vanished: back to the queue until there is one."""
    Submission.objects.filter(pk=submission.pk, phase=Phase.APPLYING).update(phase=Phase.QUEUED, moved=timezone.now())
    Attempt.objects.filter(pk=submission.attempt_id).update(prepared=None)
    _changed(submission.attempt)


@transaction.atomic
def put_back(submission: Submission) -> bool:
    """The cluster is in trouble: back to the queue for another try. False when it has waited long enough."""
    hopeful = Submission.objects.filter(pk=submission.pk, phase=Phase.APPLYING, submitted__gte=_patience_ends())
    back = hopeful.update(phase=Phase.QUEUED, outcomes=[], moved=timezone.now())
    if back:
        _changed(submission.attempt)
    return bool(back)


def _patience_ends() -> datetime:
    """What was handed in before has waited long enough for a cluster in trouble."""
    return timezone.now() - PATIENCE


@transaction.atomic
def requeue(submission: Submission) -> bool:
    """Back to the queue from where a worker left it. False when it has moved on."""
    return bool(
        Submission.objects.filter(pk=submission.pk, phase=submission.phase, moved=submission.moved).update(
            phase=Phase.QUEUED, moved=timezone.now()
        )
    )


@transaction.atomic
def retry(attempt: Attempt) -> Submission | None:
    """The Retry button: the last text once more, as a new submission."""
    last = attempt.submissions.first()
    return submit(attempt, last.text, last.parts) if last else None


@transaction.atomic
def fail(submission: Submission, error: str) -> None:
    """Ends a submission by our or the cluster's fault (a code of `wording.ERRORS`): costs nothing, may be retried."""
    ended = (
        Submission.objects.filter(pk=submission.pk)
        .exclude(phase__in=ENDED)
        .update(phase=Phase.ERROR, error=error, decided=timezone.now(), moved=timezone.now())
    )
    if ended:
        _changed(submission.attempt)


@transaction.atomic
def record_report(attempt: Attempt, report: Report, memory: Mapping[str, Any], hints_cost: int = 0) -> None:
    """Keeps what grading found; solves the attempt when everything passes; moves the open submission on.

    What was graded before a reset is dropped: `prepared` tells one life of an attempt from the next.
    """
    data = reports.to_json(report)
    solved = report.passed and attempt.state != Attempt.State.SOLVED
    fields: dict[str, Any] = {
        "report": data,
        "memory": dict(memory),
        "points": max(attempt.points, reports.earned(data, attempt.hints, hints_cost)),
    }
    if solved:
        fields |= {"state": Attempt.State.SOLVED, "solved_at": timezone.now()}
    if not Attempt.objects.filter(pk=attempt.pk, current=True, prepared=attempt.prepared).update(**fields):
        return
    moved = _move_on(attempt, report, data)
    if solved or moved or not reports.same(attempt.report, data):
        _changed(attempt)


def _move_on(attempt: Attempt, report: Report, data: Mapping[str, Any]) -> bool:
    """waiting (nothing decided) → deciding (some are) → decided (all are)."""
    under_way = attempt.submissions.filter(phase__in=(Phase.WAITING, Phase.DECIDING))
    if any(result.verdict == "error" for result in report.results):  # ours or the cluster's fault: looked at again
        tired = under_way.filter(submitted__lt=_patience_ends())
        return bool(tired.update(phase=Phase.ERROR, error="cluster-away", decided=timezone.now()))
    if report.decided:
        return bool(under_way.update(phase=Phase.DECIDED, report=data, decided=timezone.now()))
    if any(result.verdict != "waiting" for result in report.results):
        return bool(under_way.filter(phase=Phase.WAITING).update(phase=Phase.DECIDING))
    return False


@transaction.atomic
def save_draft(attempt: Attempt, texts: Mapping[str, str], tab: str = "") -> int:
    """Keeps files by name; the newest wins, and the student's other pages are told. Returns the drafts' version.

    Raises FilesError when they cannot be kept.
    """
    kept = Attempt.objects.select_for_update().only("files", "draft_version").get(pk=attempt.pk)
    after = kept.files
    for name, text in texts.items():
        after = files.changed(after, name, text)
    if after == kept.files:
        return kept.draft_version
    version = kept.draft_version + 1
    Attempt.objects.filter(pk=attempt.pk).update(files=after, draft_version=version)
    transaction.on_commit(lambda: tell.draft_changed(attempt, version, tab))
    return version


@transaction.atomic
def open_hint(attempt: Attempt, check: str) -> None:
    """Remembers that the hint was asked for; from now on it is told."""
    hints = Attempt.objects.select_for_update().values_list("hints", flat=True).get(pk=attempt.pk)
    if check not in hints:
        Attempt.objects.filter(pk=attempt.pk).update(hints=[*hints, check])
        _changed(attempt)


def extend(attempt: Attempt) -> None:
    """The student asks for more time."""
    sandboxes.extend(attempt.sandbox)
    tell.sandbox_changed(attempt.sandbox)


def _changed(attempt: Attempt) -> None:
    """Counts the version up and tells the pages once this is committed."""
    Attempt.objects.filter(pk=attempt.pk).update(version=F("version") + 1)
    transaction.on_commit(
        lambda: tell.attempt_changed(Attempt.objects.select_related("student", "sandbox").get(pk=attempt.pk))
    )
