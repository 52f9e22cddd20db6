"""The states that an exercise is tried in: its start, its solution, each of its wrong solutions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from k8slab.catalog.course import Exercise, Language

Sort = Literal["start", "solution", "wrong"]


@dataclass(frozen=True, slots=True)
class State:
    exercise: Exercise
    sort: Sort
    name: str  # "start", "solution", "wrong/<name>"
    text: str
    language: Language = "yaml"
    fails: str = ""  # of a wrong solution: the check that it must fail


def states_of(exercise: Exercise) -> Iterator[State]:
    yield State(exercise, "start", "start", exercise.start)
    yield State(exercise, "solution", "solution", exercise.solution, exercise.solution_kind)
    for wrong in exercise.wrong:
        yield State(exercise, "wrong", f"wrong/{wrong.name}", wrong.text, wrong.kind, wrong.fails)
