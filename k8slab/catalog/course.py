"""The course as frozen data: what the loader returns and everybody above reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from k8slab.grading.spec import Check, Text


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a lesson file. `line` is 1-based, 0 for the file as a whole."""

    file: Path
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong solution and the check that must fail for it."""

    name: str
    fails: str
    text: str


@dataclass(frozen=True, slots=True)
class Exercise:
    id: str  # unique in the course, a DNS label
    lesson: str
    title: Text
    task: Text  # Markdown
    start: str  # YAML that the editor opens with
    setup: str  # YAML that exists before the student begins, "" without
    solution: str
    solution_kind: Literal["yaml", "kubectl"]
    wrong: tuple[Wrong, ...]
    checks: tuple[Check, ...]
    needs: tuple[str, ...]  # capabilities of the cluster
    vars: Mapping[str, tuple[str, ...]]  # sticky per student: name → choices
    hash: str  # of everything above

    @property
    def worth(self) -> int:
        return sum(check.points for check in self.checks)


@dataclass(frozen=True, slots=True)
class Lesson:
    id: str  # unique in the course, a DNS label
    track: str
    title: Text
    objectives: tuple[Text, ...]
    minutes: int
    mirrors: tuple[str, ...]  # document sections: "virtualisation-cloud-day3#replicaset"
    body: Mapping[str, str]  # language → Markdown
    exercises: tuple[Exercise, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class Track:
    id: str
    title: Text
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Course:
    title: Text
    tracks: tuple[Track, ...]
    problems: tuple[Problem, ...] = field(default=())

    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(lesson for track in self.tracks for lesson in track.lessons)

    def lesson(self, lesson_id: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons() if lesson.id == lesson_id), None)

    def exercise(self, exercise_id: str) -> Exercise | None:
        found = (e for lesson in self.lessons() for e in lesson.exercises if e.id == exercise_id)
        return next(found, None)
