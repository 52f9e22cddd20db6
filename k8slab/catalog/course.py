"""The course as frozen data: what the loader returns and everybody above reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from k8slab.grading.spec import Check, Text

Language = Literal["yaml", "kubectl"]  # objects to apply, or lines for the terminal


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
    kind: Language = "yaml"


@dataclass(frozen=True, slots=True)
class StartFile:
    """A file that the editor opens with."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Exercise:
    id: str  # unique in the course, a DNS label
    lesson: str
    title: Text
    task: Text  # Markdown
    files: tuple[StartFile, ...]  # YAML that the editor opens with, at least one
    setup: str  # YAML that exists before the student begins, "" without
    solution: str
    solution_kind: Language
    wrong: tuple[Wrong, ...]
    checks: tuple[Check, ...]
    needs: tuple[str, ...]  # capabilities of the cluster
    vars: Mapping[str, tuple[str, ...]]  # sticky per student: name → choices
    hash: str  # of everything above
    nodes: int = 0  # of the sandbox's own; 0: it shares the cluster's
    hints_cost: int = 0  # points that a check loses when its hint was opened

    @property
    def start(self) -> str:
        """All files as one text, which hands in like them."""
        if len(self.files) == 1:
            return self.files[0].text
        return "".join(f"--- # {file.name}\n{file.text}\n" for file in self.files)

    @property
    def worth(self) -> int:
        return sum(check.points for check in self.checks)


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing to choose, to order, to match, or to fill in, with why it is so."""

    text: Text  # of a blank: its name
    because: Text
    right: bool = True  # choice
    partner: Text | None = None  # match
    accept: tuple[str, ...] = ()  # fill


@dataclass(frozen=True, slots=True)
class Quiz:
    """`answers` stand in the right order where the kind is `order`."""

    id: str  # unique in the course, a DNS label
    lesson: str
    kind: str  # choice | order | match | fill
    title: Text
    question: Text  # Markdown
    sentence: Text  # fill: with {gaps}
    answers: tuple[Answer, ...]
    worth: int
    hash: str

    @property
    def several(self) -> bool:
        """Whether more than one choice is right: the page then shows boxes to tick."""
        return sum(answer.right for answer in self.answers) > 1


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture of a lesson: an SVG with its words in both languages, or a scene that the map element plays."""

    id: str  # unique in the lesson
    title: Text
    description: Text  # what somebody hears who does not see it
    words: Mapping[str, Text]  # for each {word} of the SVG
    svg: str  # "" for a scene
    scene: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the official documentation, by name."""

    title: Text
    url: str


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
    quizzes: tuple[Quiz, ...]
    diagrams: tuple[Diagram, ...]
    links: tuple[Link, ...]
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

    def quiz(self, quiz_id: str) -> Quiz | None:
        return next((quiz for lesson in self.lessons() for quiz in lesson.quizzes if quiz.id == quiz_id), None)
