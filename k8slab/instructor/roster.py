"""Who is here and how far they have come: two queries for a page of people, however many attempts they have made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

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
Found = dict[str, Any]  # an attempt as the query gives it
Words = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One person and one exercise, worded: a page has thousands of these, so its template only prints."""

    points: int
    worth: int
    submissions: int
    tone: str  # the colour's class, "" before anything was done
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    user: User
    earned: int
    solved: int
    submissions: int
    active: datetime | None
    cells: tuple[Cell, ...]


def people(group: str, search: str, sort: str) -> QuerySet[User, User]:
    """Everybody of the group, in order, to be cut into pages."""
    found = User.objects.filter(role=GROUPS.get(group, User.Role.STUDENT), is_active=True)
    if search:
        found = found.filter(username__icontains=search)
    if sort.endswith("points"):
        found = found.annotate(earned=_earned())
    if sort.endswith("active"):
        found = found.annotate(active=_active())
    return found.order_by(SORTS.get(sort, SORTS["name"]), "pk")


# Sub-queries, since joins to two tables would multiply each other's rows.
def _earned() -> Coalesce:
    attempts = Attempt.objects.filter(student=OuterRef("pk")).order_by().values("student")
    return Coalesce(Subquery(attempts.annotate(n=Sum("points")).values("n")), 0)


def _active() -> Coalesce:
    attempts = Attempt.objects.filter(student=OuterRef("pk")).order_by().values("student")
    handed_in = Submission.objects.filter(attempt__student=OuterRef("pk")).order_by().values("attempt__student")
    return Coalesce(
        Subquery(handed_in.annotate(n=Max("submitted")).values("n")),
        Subquery(attempts.annotate(n=Max("started")).values("n")),
    )


def rows(users: Iterable[User], course: Course) -> list[Row]:
    """The page's people with a cell for each exercise of the course."""
    users = list(users)
    attempts = _attempts(users)
    exercises = exercises_of(course)
    words = _words()
    return [_row(user, exercises, attempts.get(user.pk, {}), words) for user in users]


def exercises_of(course: Course) -> list[Exercise]:
    return [exercise for lesson in course.lessons() for exercise in lesson.exercises]


def _attempts(users: Sequence[User]) -> dict[int, dict[str, Found]]:
    attempts = Attempt.objects.filter(student__in=users)
    counted = attempts.annotate(handed_in=Count("submissions"), last=Max("submissions__submitted"))
    found: dict[int, dict[str, Found]] = {}
    for attempt in counted.values("student_id", "exercise", "state", "points", "started", "handed_in", "last"):
        found.setdefault(attempt["student_id"], {})[attempt["exercise"]] = dict(attempt)
    return found


def _row(user: User, exercises: Sequence[Exercise], attempts: dict[str, Found], words: Words) -> Row:
    handed_in = [attempt["last"] for attempt in attempts.values() if attempt["last"]]
    begun = [attempt["started"] for attempt in attempts.values()]
    return Row(
        user=user,
        earned=sum(attempt["points"] for attempt in attempts.values()),
        solved=sum(attempt["state"] == Attempt.State.SOLVED for attempt in attempts.values()),
        submissions=sum(attempt["handed_in"] for attempt in attempts.values()),
        active=max(handed_in or begun, default=None),
        cells=tuple(_cell(exercise, attempts.get(exercise.id), words) for exercise in exercises),
    )


def _cell(exercise: Exercise, attempt: Found | None, words: Words) -> Cell:
    if attempt is None:
        return Cell(0, exercise.worth, 0, *words[""])
    return Cell(attempt["points"], exercise.worth, attempt["handed_in"], *words[attempt["state"]])


def _words() -> Words:
    """Tone and word of an attempt's state."""
    return {
        "": ("", _("not begun")),
        Attempt.State.SOLVED.value: ("good", _("solved")),
        Attempt.State.OPEN.value: ("busy", _("working on it")),
        Attempt.State.SET_ASIDE.value: ("idle", _("set aside")),
    }


def columns(course: Course, language: str) -> list[dict[str, Any]]:
    """The head of the table: lessons over their exercises."""
    return [
        {
            "title": in_language(lesson.title, language),
            "exercises": [
                {
                    "title": in_language(exercise.title, language),
                    "url": reverse("exercise", args=[lesson.id, exercise.id]),
                }
                for exercise in lesson.exercises
            ],
        }
        for lesson in course.lessons()
        if lesson.exercises
    ]


def counts() -> dict[str, int]:
    """How many people each group has, for the tabs."""
    by_role = dict(User.objects.filter(is_active=True).values_list("role").annotate(n=Count("pk")))
    return {group: by_role.get(role, 0) for group, role in GROUPS.items()}
