"""One student's work, as the instructor reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from k8slab.accounts.models import User
from k8slab.attempts.models import Attempt, Submission
from k8slab.attempts.state import in_language, message
from k8slab.catalog.course import Course
from k8slab.live import messages

LINES_SHOWN = 2000  # a page of a hundred thousand lines would help nobody; the whole text can be downloaded
LATEST = 20  # submissions listed under each attempt


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str
    problems: tuple[messages.Problem, ...]


def attempts_of(student: User, course: Course, language: str) -> list[dict[str, Any]]:
    """Every attempt, in the order of the course, with its latest submissions."""
    newest = Submission.objects.defer("text", "outcomes", "problems", "report")
    attempts = Attempt.objects.filter(student=student).prefetch_related(Prefetch("submissions", queryset=newest))
    place = {exercise.id: n for n, exercise in enumerate(e for lesson in course.lessons() for e in lesson.exercises)}
    ordered = sorted(attempts, key=lambda attempt: (place.get(attempt.exercise, len(place)), attempt.exercise))
    return [_attempt(attempt, course, language) for attempt in ordered]


def _attempt(attempt: Attempt, course: Course, language: str) -> dict[str, Any]:
    submissions = list(attempt.submissions.all())
    # Failed checks are only told once something was handed in; what it was does not matter here, so it is not read.
    handed_in = Submission(attempt=attempt, submitted=submissions[0].submitted) if submissions else None
    return {
        "attempt": attempt,
        "title": title(attempt, course, language),
        "changed": _changed(attempt, course),
        "checks": _checks(attempt, handed_in, course, language),
        "submissions": submissions[:LATEST],
        "submission_count": len(submissions),
    }


def title(attempt: Attempt, course: Course, language: str) -> str:
    exercise = course.exercise(attempt.exercise)
    return in_language(exercise.title, language) if exercise else attempt.exercise


def _changed(attempt: Attempt, course: Course) -> str:
    """Whether the exercise is still the one that was worked on: "", "changed" or "gone"."""
    exercise = course.exercise(attempt.exercise)
    if exercise is None:
        return "gone"
    return "" if exercise.hash == attempt.content_hash else "changed"


def _checks(
    attempt: Attempt, submission: Submission | None, course: Course, language: str
) -> Sequence[messages.CheckState]:
    exercise = course.exercise(attempt.exercise)
    return message(attempt, exercise, submission, language)["checks"] if exercise else []


def submission_page(submission: Submission, course: Course, language: str) -> dict[str, Any]:
    """Context of a submission's page: the text with the problems at their lines, and the checks as they were then."""
    attempt = submission.attempt
    attempt.report = submission.report  # in memory only: the words of this submission, not of the newest
    submission.parts = []  # likewise: problems at the lines of the whole text, as it is shown here
    exercise = course.exercise(attempt.exercise)
    told = message(attempt, exercise, submission, language) if exercise else None
    handed_in = told.get("submission") if told else None
    outcomes = handed_in["outcomes"] if handed_in else []
    problems = [*(handed_in["problems"] if handed_in else []), *(p for o in outcomes for p in o["problems"])]
    lines = submission.text.splitlines()
    return {
        "submission": submission,
        "title": title(attempt, course, language),
        "changed": _changed(attempt, course),
        "checks": told["checks"] if told and submission.report else [],
        "outcomes": outcomes,
        "problems": [problem for problem in problems if not 0 < problem["line"] <= len(lines)],
        "error": handed_in["error"] if handed_in else "",
        "lines": list(_lines(lines, problems)),
        "lines_left_out": max(0, len(lines) - LINES_SHOWN),
    }


def _lines(lines: Sequence[str], problems: Sequence[messages.Problem]) -> Iterable[Line]:
    at: dict[int, list[messages.Problem]] = {}
    for problem in problems:
        at.setdefault(problem["line"], []).append(problem)
    for number, text in enumerate(lines[:LINES_SHOWN], start=1):
        yield Line(number, text, tuple(at.get(number, ())))
