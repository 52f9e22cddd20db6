"""Every exercise proves itself on the running system: its solution solves it, a wrong one fails the check it names."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from k8slab.catalog.course import Exercise, Wrong
from k8slab.catalog.loader import load
from k8slab.grading.substitution import substitute
from k8slab.supervisor.stack import Stack

from .student import Student

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

LESSONS = Path(__file__).parents[2] / "lessons"
EXERCISES = [exercise for lesson in load(LESSONS).lessons() for exercise in lesson.exercises]
AT_ONCE = 6  # students

Key = tuple[str, str]


def hand_in(stack: Stack, exercise: Exercise, text: str) -> dict[str, Any]:
    """As a fresh guest."""
    student = Student(stack.url)
    student.begin_as_guest()
    task = student.open(exercise.lesson, exercise.id).text
    # A student reads the own values in the task.
    values = {name: next(c for c in choices if f"<code>{c}</code>" in task) for name, choices in exercise.vars.items()}
    with student.page() as page:
        student.act(exercise.id, "start")
        return page.ended(student.submit(exercise.id, substitute(text, values)), patience=90)


@pytest.fixture(scope="module")
def answers(stack: Stack) -> Iterator[dict[Key, Future[dict[str, Any]]]]:
    """All of them at once, as a class would do it: most of the time is spent waiting for deadlines."""
    with ThreadPoolExecutor(AT_ONCE) as students:
        handed_in = {
            (exercise.id, name): students.submit(hand_in, stack, exercise, text)
            for exercise in EXERCISES
            for name, text in [
                ("solution", exercise.solution),
                ("start", exercise.start),
                *((wrong.name, wrong.text) for wrong in exercise.wrong),
            ]
        }
        yield handed_in


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_the_solution_passes_every_check(answers: dict[Key, Future[dict[str, Any]]], exercise: Exercise) -> None:
    attempt = answers[exercise.id, "solution"].result()
    assert [check for check in attempt["checks"] if check["verdict"] != "pass"] == []
    assert attempt["state"] == "solved"


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_the_untouched_start_solves_nothing(answers: dict[Key, Future[dict[str, Any]]], exercise: Exercise) -> None:
    attempt = answers[exercise.id, "start"].result()
    assert [check["id"] for check in attempt["checks"] if check["verdict"] == "pass"] == []


@pytest.mark.parametrize(
    ("exercise", "wrong"),
    [pytest.param(e, wrong, id=f"{e.id}-{wrong.name}") for e in EXERCISES for wrong in e.wrong],
)
def test_a_wrong_solution_fails_the_check_that_it_names(
    answers: dict[Key, Future[dict[str, Any]]], exercise: Exercise, wrong: Wrong
) -> None:
    attempt = answers[exercise.id, wrong.name].result()
    verdicts = {check["id"]: check["verdict"] for check in attempt["checks"]}
    assert verdicts[wrong.fails] == "fail", attempt["checks"]
    failed = next(check for check in attempt["checks"] if check["id"] == wrong.fails)
    problems = [p for o in attempt["submission"]["outcomes"] for p in o["problems"]] + attempt["submission"]["problems"]
    assert failed["messages"] or failed["differences"] or problems, "it failed without a word"
