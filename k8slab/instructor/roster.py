"""Who is here and how far they have come: two queries for a page of people, however many attempts they have made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from k8slab.accounts.models import User
from k8slab.attempts.models import Attempt, Submission
from k8slab.attempts.state import in_language
from k8slab.catalog.course import Course, Exercise

GROUPS = {"students": User.Role.STUDENT, "guests": User.Role.GUEST}
SORTS = {
    "name": F("username").asc(),
    "-name": F("username").desc(),
    "points": F("earned").asc(),
    "-points": F("earned").desc(),
    "active": F("active").asc(nulls_first=True),
    "-active": F("active").desc(nulls_last=True),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One person and one exercise."""

    exercise: Exercise
    state: str  # new | open | solved | set-aside
    points: int
    submissions: int


@dataclass(frozen=True, slots=True)
class Row:
    user: User
    earned: int
    solved: int
    submissions: int
    active: datetime | None
    cells: tuple[Cell, ...]


def people(group: str, search: str, sort: str) -> QuerySet[User, User]:
    """Everybody of the group with their totals, to be cut into pages."""
    found = User.objects.filter(role=GROUPS.get(group, User.Role.STUDENT), is_active=True)
    if search:
        found = found.filter(username__icontains=search)
    return found.annotate(**_totals()).order_by(SORTS.get(sort, SORTS["name"]), "pk")


def _totals() -> dict[str, Any]:
    # Sub-queries, since joins to two tables would multiply each other's rows.
    attempts = Attempt.objects.filter(student=OuterRef("pk")).order_by().values("student")
    handed_in = Submission.objects.filter(attempt__student=OuterRef("pk")).order_by().values("attempt__student")
    begun = Subquery(attempts.annotate(n=Max("started")).values("n"))
    solved = attempts.annotate(n=Count("pk", filter=Q(state=Attempt.State.SOLVED)))
    return {
        "earned": Coalesce(Subquery(attempts.annotate(n=Sum("points")).values("n")), 0),
        "solved": Coalesce(Subquery(solved.values("n")), 0),
        "handed_in": Coalesce(Subquery(handed_in.annotate(n=Count("pk")).values("n")), 0),
        "active": Coalesce(Subquery(handed_in.annotate(n=Max("submitted")).values("n")), begun),
    }


def rows(users: Iterable[User], course: Course) -> list[Row]:
    """The page's people with a cell for each exercise of the course."""
    users = list(users)
    cells = _cells(users)
    exercises = exercises_of(course)
    return [_row(user, exercises, cells) for user in users]


def exercises_of(course: Course) -> list[Exercise]:
    return [exercise for lesson in course.lessons() for exercise in lesson.exercises]


def columns(course: Course, language: str) -> list[dict[str, Any]]:
    """The head of the table: lessons over their exercises."""
    return [
        {
            "title": in_language(lesson.title, language),
            "exercises": [
                {
                    "title": in_language(exercise.title, language),
                    "worth": exercise.worth,
                    "url": reverse("exercise", args=[lesson.id, exercise.id]),
                }
                for exercise in lesson.exercises
            ],
        }
        for lesson in course.lessons()
        if lesson.exercises
    ]


def _cells(users: Sequence[User]) -> dict[tuple[int, str], dict[str, Any]]:
    attempts = Attempt.objects.filter(student__in=users).annotate(handed_in=Count("submissions"))
    found = attempts.values("student_id", "exercise", "state", "points", "handed_in")
    return {(attempt["student_id"], attempt["exercise"]): dict(attempt) for attempt in found}


def _row(user: User, exercises: Sequence[Exercise], cells: dict[tuple[int, str], dict[str, Any]]) -> Row:
    totals = vars(user)  # what the query has annotated
    return Row(
        user=user,
        earned=totals["earned"],
        solved=totals["solved"],
        submissions=totals["handed_in"],
        active=totals["active"],
        cells=tuple(_cell(exercise, cells.get((user.pk, exercise.id))) for exercise in exercises),
    )


def _cell(exercise: Exercise, attempt: dict[str, Any] | None) -> Cell:
    if attempt is None:
        return Cell(exercise, "new", 0, 0)
    return Cell(exercise, attempt["state"], attempt["points"], attempt["handed_in"])


def counts() -> dict[str, int]:
    """How many people each group has, for the tabs."""
    by_role = dict(User.objects.filter(is_active=True).values_list("role").annotate(n=Count("pk")))
    return {group: by_role.get(role, 0) for group, role in GROUPS.items()}
