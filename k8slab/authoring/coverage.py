"""Which lessons and exercises teach which section of the documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from k8slab.catalog.course import Course, Lesson
from k8slab.catalog.outline import Section, read_sections
from k8slab.catalog.problems import Problems

INTRODUCTION = """\
# What the course covers

Each section of the documents that the course mirrors, with the lessons that teach it, their exercises and quizzes.
Written by `manage.py lessons coverage --write`; the sections come from `lessons/documents.yaml`, the lessons from the
`mirrors` of each `lesson.yaml`.
"""


@dataclass(frozen=True, slots=True)
class Covered:
    section: Section
    lessons: tuple[Lesson, ...]


def coverage(course: Course, root: Path) -> list[Covered]:
    """In the documents' order. What is wrong with `documents.yaml` is told by `check`."""
    lessons = course.lessons()
    return [
        Covered(section, tuple(lesson for lesson in lessons if section.id in lesson.mirrors))
        for section in read_sections(root, Problems())
    ]


def missing(rows: Sequence[Covered]) -> list[str]:
    return [row.section.id for row in rows if not row.lessons]


def as_markdown(rows: Sequence[Covered]) -> str:
    parts = [INTRODUCTION]
    for document in dict.fromkeys(row.section.document for row in rows):
        parts.append(f"\n## {document}\n\n| section | lessons | exercises | quizzes |\n| --- | --- | --- | --- |\n")
        parts += [_row(row) for row in rows if row.section.document == document]
    return "".join(parts)


def _row(row: Covered) -> str:
    cells = (
        row.section.heading.replace("|", "\\|").replace("*", "\\*"),
        ", ".join(lesson.id for lesson in row.lessons) or "none",
        ", ".join(exercise.id for lesson in row.lessons for exercise in lesson.exercises) or "none",
        ", ".join(quiz.id for lesson in row.lessons for quiz in lesson.quizzes) or "none",
    )
    return f"| {' | '.join(cells)} |\n"
