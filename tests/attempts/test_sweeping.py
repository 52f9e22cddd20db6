"""What a killed worker or a lost message leaves behind is found."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from k8slab.attempts import actions, sweeping
from k8slab.attempts.models import Attempt, Submission


def age(submission: Submission, **fields: object) -> Submission:
    """As it would be had nothing happened for a while."""
    Submission.objects.filter(pk=submission.pk).update(moved=timezone.now() - timedelta(seconds=20), **fields)
    return submission


def test_nothing_to_do(attempt: Attempt) -> None:
    actions.submit(attempt, "kind: Pod")
    assert list(sweeping.stuck()) == []


def test_a_submission_that_nobody_took_is_queued_again(attempt: Attempt) -> None:
    submission = age(actions.submit(attempt, "kind: Pod"))
    assert list(sweeping.stuck()) == [("submit", str(submission.pk))]


def test_one_whose_worker_died_is_begun_again(attempt: Attempt) -> None:
    submission = actions.submit(attempt, "kind: Pod")
    actions.claim(str(submission.pk))
    age(submission)
    assert list(sweeping.stuck()) == [("submit", str(submission.pk))]
    submission.refresh_from_db()
    assert submission.phase == "queued"


def test_but_not_for_ever(attempt: Attempt) -> None:
    submission = age(actions.submit(attempt, "kind: Pod"), phase="applying", tries=sweeping.TRIES)
    assert list(sweeping.stuck()) == []
    submission.refresh_from_db()
    assert (submission.phase, submission.error) == ("error", "worker-lost")


def test_one_that_waits_in_silence_is_looked_at(attempt: Attempt) -> None:
    age(actions.submit(attempt, "kind: Pod"), phase="waiting")
    assert list(sweeping.stuck()) == [("decide", str(attempt.pk))]


def test_one_that_waits_longer_than_anything_may_ends(attempt: Attempt) -> None:
    old = timezone.now() - timedelta(hours=1)
    submission = age(actions.submit(attempt, "kind: Pod"), phase="waiting", submitted=old)
    assert list(sweeping.stuck()) == []
    submission.refresh_from_db()
    assert (submission.phase, submission.error) == ("error", "never-decided")


def test_an_attempt_that_was_never_prepared_is_prepared(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(prepared=None)
    type(attempt.sandbox).objects.filter(pk=attempt.sandbox_id).update(changed=timezone.now() - timedelta(minutes=1))
    assert list(sweeping.stuck()) == [("prepare", str(attempt.pk))]
