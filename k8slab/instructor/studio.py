"""The course as its authors look at it: what is wrong in its files, and each exercise in every state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from k8slab.accounts.models import User
from k8slab.attempts import actions, files, variables
from k8slab.attempts.models import Attempt
from k8slab.attempts.state import in_language
from k8slab.authoring.checking import check
from k8slab.authoring.states import State, states_of
from k8slab.catalog.course import Course, Exercise
from k8slab.grading.substitution import substitute
from k8slab.sandbox.actions import request_sandbox


def problems(course: Course) -> list[dict[str, Any]]:
    """Those that hide a lesson first, then those that only `lessons check` looks for."""
    found = [*course.problems, *check(course, settings.LESSONS_DIR)]
    return [
        {"file": _relative(problem.file), "line": problem.line, "message": problem.message}
        for problem in dict.fromkeys(found)
    ]


def _relative(file: Path) -> Path:
    lessons_dir: Path = settings.LESSONS_DIR
    return file.relative_to(lessons_dir) if file.is_relative_to(lessons_dir) else file


def tracks(course: Course, language: str) -> list[dict[str, Any]]:
    return [
        {
            "title": in_language(track.title, language),
            "lessons": [
                {
                    "title": in_language(lesson.title, language),
                    "url": reverse("lesson", args=[lesson.id]),
                    "exercises": [
                        {"title": in_language(each.title, language), "url": reverse("teach_exercise", args=[each.id])}
                        for each in lesson.exercises
                    ],
                }
                for lesson in track.lessons
            ],
        }
        for track in course.tracks
    ]


def preview(exercise: Exercise, author: User, language: str) -> dict[str, Any]:
    """Context of the page that shows an exercise in every state, with the author's own values."""
    sandbox = request_sandbox(author)
    values = variables.pick(exercise, author.pk, sandbox.namespace)
    titles = {each.id: in_language(each.title, language) for each in exercise.checks}
    return {
        "exercise": {
            "id": exercise.id,
            "title": in_language(exercise.title, language),
            "url": reverse("exercise", args=[exercise.lesson, exercise.id]),
            "setup": substitute(exercise.setup, values),
            "checks": [{"id": e.id, "title": titles[e.id], "points": e.points} for e in exercise.checks],
        },
        "states": [
            {
                "name": state.name,
                "sort": state.sort,
                "kubectl": state.language == "kubectl",
                "text": substitute(state.text, values),
                "fails": titles.get(state.fails, state.fails),
            }
            for state in states_of(exercise)
        ],
    }


def load(author: User, exercise: Exercise, name: str) -> Attempt | None:
    """Puts a state's text into the editor of the author's own attempt. None where there is no such state."""
    state = next((each for each in states_of(exercise) if each.name == name), None)
    if state is None:
        return None
    attempt = actions.open_attempt(author, exercise)
    actions.save_draft(attempt, _editor(state, attempt))
    return attempt


def _editor(state: State, attempt: Attempt) -> dict[str, str]:
    """The editor's files. Lines for the terminal come as one of their own, beside the untouched start."""
    starts = files.starts(state.exercise, attempt.vars)
    text = substitute(state.text, attempt.vars)
    if state.language == "kubectl":
        return {**starts, f"{state.name.replace('/', '-')}.sh": text}
    if state.sort == "start":
        return starts
    first, *others = starts
    return {first: text, **dict.fromkeys(others, "")}
