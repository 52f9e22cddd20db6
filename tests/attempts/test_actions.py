"""What becomes of an attempt, move by move."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from k8slab.attempts import actions
from k8slab.attempts.models import Attempt, Submission
from k8slab.grading.report import Report, Result, Verdict

from .conftest import exercise


def report(*verdicts: Verdict) -> Report:
    checks = exercise().checks
    points = {"pass": 1}
    return Report(
        tuple(
            Result(check.id, verdict, check.points * points.get(verdict, 0))
            for check, verdict in zip(checks, verdicts, strict=True)
        )
    )


def under_way(attempt: Attempt) -> Submission:
    submission = actions.submit(attempt, "kind: Pod")
    claimed = actions.claim(str(submission.pk))
    assert claimed is not None
    assert actions.applied(claimed, [])
    return claimed


def test_it_works(attempt: Attempt) -> None:
    submission = under_way(attempt)
    actions.record_report(attempt, report("pass", "pass"), {})
    attempt.refresh_from_db()
    submission.refresh_from_db()
    assert (attempt.state, attempt.points, submission.phase) == ("solved", 3, "decided")


def test_every_change_counts_the_version_up(attempt: Attempt) -> None:
    attempt.refresh_from_db()
    before = attempt.version
    under_way(attempt)
    attempt.refresh_from_db()
    assert attempt.version == before + 3


def test_the_same_report_again_is_no_news(attempt: Attempt) -> None:
    under_way(attempt)
    actions.record_report(attempt, report("pass", "waiting"), {})
    attempt.refresh_from_db()
    before = attempt.version
    actions.record_report(attempt, report("pass", "waiting"), {})
    attempt.refresh_from_db()
    assert attempt.version == before


def test_some_decided_is_deciding_and_all_is_decided(attempt: Attempt) -> None:
    submission = under_way(attempt)
    phases = []
    for verdicts in (("waiting", "waiting"), ("pass", "waiting"), ("pass", "fail")):
        actions.record_report(attempt, report(*verdicts), {})
        submission.refresh_from_db()
        phases.append(submission.phase)
    assert phases == ["waiting", "deciding", "decided"]


def test_trouble_of_the_cluster_decides_nothing_and_ends_as_error_in_the_end(attempt: Attempt) -> None:
    submission = under_way(attempt)
    actions.record_report(attempt, report("pass", "error"), {})
    submission.refresh_from_db()
    assert submission.phase == "waiting"
    Submission.objects.filter(pk=submission.pk).update(submitted=timezone.now() - timedelta(minutes=1))
    actions.record_report(attempt, report("pass", "error"), {})
    submission.refresh_from_db()
    assert (submission.phase, submission.error) == ("error", "cluster-away")


def test_the_newest_submission_counts(attempt: Attempt) -> None:
    first = actions.submit(attempt, "one")
    second = actions.submit(attempt, "two")
    first.refresh_from_db()
    assert (first.phase, second.phase) == ("decided", "queued")
    assert actions.claim(str(first.pk)) is None
    assert actions.claim(str(second.pk)) is not None


def test_a_submission_is_claimed_once(attempt: Attempt) -> None:
    submission = actions.submit(attempt, "one")
    assert actions.claim(str(submission.pk)) is not None
    assert actions.claim(str(submission.pk)) is None


def test_another_exercise_sets_this_one_aside_and_keeps_its_work(attempt: Attempt) -> None:
    actions.save_draft(attempt, {"answer.yaml": "my text"})
    other = actions.open_attempt(attempt.student, exercise("clusterip"))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.current, attempt.prepared) == ("set-aside", False, None)
    assert attempt.files == {"answer.yaml": "my text"}
    assert (other.current, other.prepared) == (True, None)


def test_what_waits_is_ended_when_its_attempt_is_set_aside(attempt: Attempt) -> None:
    submission = under_way(attempt)
    actions.open_attempt(attempt.student, exercise("clusterip"))
    submission.refresh_from_db()
    assert submission.phase == "decided"


def test_coming_back_begins_anew_and_keeps_the_points(attempt: Attempt) -> None:
    under_way(attempt)
    actions.record_report(attempt, report("pass", "pass"), {})
    actions.open_attempt(attempt.student, exercise("clusterip"))
    back = actions.open_attempt(attempt.student, exercise())
    back.refresh_from_db()
    assert (back.state, back.points, back.report, back.prepared) == ("solved", 3, None, None)


def test_opening_what_is_open_changes_nothing(attempt: Attempt) -> None:
    attempt.refresh_from_db()
    again = actions.open_attempt(attempt.student, exercise())
    assert (again.pk, again.version, again.prepared) == (attempt.pk, attempt.version, attempt.prepared)


def test_a_report_from_before_a_reset_is_dropped(attempt: Attempt) -> None:
    stale = Attempt.objects.get(pk=attempt.pk)
    actions.reset_step(attempt, exercise())
    actions.record_report(stale, report("pass", "pass"), {"old": "memory"})
    attempt.refresh_from_db()
    assert (attempt.state, attempt.report, attempt.memory) == ("open", None, {})


def test_worse_later_does_not_take_points_away(attempt: Attempt) -> None:
    actions.record_report(attempt, report("pass", "fail"), {})
    attempt.refresh_from_db()
    actions.record_report(attempt, report("fail", "fail"), {})
    attempt.refresh_from_db()
    assert attempt.points == 1


def test_retry_hands_the_same_text_in_again(attempt: Attempt) -> None:
    first = actions.submit(attempt, "my text")
    actions.fail(first, "worker-lost")
    again = actions.retry(attempt)
    assert again is not None
    assert (again.text, again.phase) == ("my text", "queued")


def test_a_hint_is_remembered_once(attempt: Attempt) -> None:
    actions.open_hint(attempt, "exists")
    actions.open_hint(attempt, "exists")
    attempt.refresh_from_db()
    assert attempt.hints == ["exists"]
