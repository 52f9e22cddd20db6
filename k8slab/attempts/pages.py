"""What the pages show, as plain dicts: course data in one language joined with a student's progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from k8slab.accounts.models import User
from k8slab.catalog.course import Course, Exercise, Lesson
from k8slab.catalog.render import render_text
from k8slab.grading.substitution import substitute
from k8slab.sandbox.models import Sandbox

from . import files, variables
from .models import Attempt
from .state import in_language

Progress = Mapping[str, Attempt]  # by exercise id


def progress_of(user: User | AnonymousUser) -> Progress:
    """The student's attempts; nothing for somebody who is not logged in."""
    if not isinstance(user, User):
        return {}
    wanted = ("id", "exercise", "state", "points", "worth", "current")
    return {attempt.exercise: attempt for attempt in Attempt.objects.filter(student=user).only(*wanted)}


def _exercise_url(exercise: Exercise) -> str:
    return reverse("exercise", args=[exercise.lesson, exercise.id])


def _solved(exercise: Exercise, progress: Progress) -> bool:
    attempt = progress.get(exercise.id)
    return attempt is not None and attempt.state == Attempt.State.SOLVED


def card(exercise: Exercise, progress: Progress, language: str) -> dict[str, Any]:
    """An exercise in a list: its title and how far the student is."""
    attempt = progress.get(exercise.id)
    return {
        "id": exercise.id,
        "title": in_language(exercise.title, language),
        "url": _exercise_url(exercise),
        "state": attempt.state if attempt else "new",
        "points": attempt.points if attempt else 0,
        "worth": exercise.worth,
    }


def tracks(course: Course, progress: Progress, language: str) -> list[dict[str, Any]]:
    return [
        {
            "id": track.id,
            "title": in_language(track.title, language),
            "lessons": [_lesson_row(lesson, progress, language) for lesson in track.lessons],
        }
        for track in course.tracks
    ]


def whole(course: Course, progress: Progress) -> dict[str, int]:
    """How far the student is in all of the course."""
    exercises = [exercise for lesson in course.lessons() for exercise in lesson.exercises]
    known = {exercise.id for exercise in exercises}
    return {
        "solved": sum(_solved(exercise, progress) for exercise in exercises),
        "exercises": len(exercises),
        "points": sum(attempt.points for attempt in progress.values() if attempt.exercise in known),
        "worth": sum(exercise.worth for exercise in exercises),
    }


def _lesson_row(lesson: Lesson, progress: Progress, language: str) -> dict[str, Any]:
    return {
        **head(lesson, language),
        "url": reverse("lesson", args=[lesson.id]),
        "solved": sum(_solved(exercise, progress) for exercise in lesson.exercises),
        "exercises": len(lesson.exercises),
    }


def head(lesson: Lesson, language: str) -> dict[str, Any]:
    return {
        "id": lesson.id,
        "title": in_language(lesson.title, language),
        "minutes": lesson.minutes,
        "objectives": [in_language(text, language) for text in lesson.objectives],
    }


def resume(course: Course, progress: Progress, language: str) -> dict[str, str] | None:
    """Where the student was: the exercise that the sandbox is for, else the first that is not solved."""
    exercises = [exercise for lesson in course.lessons() for exercise in lesson.exercises]
    current = next((e for e in exercises if e.id in progress and progress[e.id].current), None)
    if progress and (current is None or _solved(current, progress)):
        current = next((e for e in exercises if not _solved(e, progress)), None)
    return {"title": in_language(current.title, language), "url": _exercise_url(current)} if current else None


def first_url(course: Course) -> str:
    """Where somebody begins who has done nothing yet."""
    lessons = course.lessons()
    return reverse("lesson", args=[lessons[0].id]) if lessons else reverse("course")


def workbench(
    course: Course, shown: Lesson, exercise: Exercise, attempt: Attempt | None, sandbox: Sandbox, language: str
) -> dict[str, Any]:
    """Context of an exercise's page, on top of its lesson's."""
    values = attempt.vars if attempt else variables.pick(exercise, sandbox.owner_id, sandbox.namespace)
    answer = files.of_answer(exercise, values, attempt.files if attempt else {})
    exercises = [e for lesson in course.lessons() for e in lesson.exercises]
    after = exercises[exercises.index(exercise) + 1 :]
    return {
        "exercise": {
            "id": exercise.id,
            "title": in_language(exercise.title, language),
            "task_html": render_text(substitute(in_language(exercise.task, language), values), language),
            "checks": [
                {"id": check.id, "title": in_language(check.title, language), "worth": check.points}
                for check in exercise.checks
            ],
            "worth": exercise.worth,
            "hash": exercise.hash,
        },
        "answer": {
            "start": files.starts(exercise, values),
            "files": answer,
            "version": attempt.draft_version if attempt else 0,
        },
        "text": next(iter(answer.values())),
        "next_exercise": (
            {"title": in_language(after[0].title, language), "url": _exercise_url(after[0])} if after else None
        ),
    }
