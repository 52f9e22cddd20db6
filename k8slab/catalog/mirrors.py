"""The documents that the course mirrors: do the sections exist that the lessons name?"""

from __future__ import annotations

import re
from pathlib import Path

from .course import Course, Problem
from .problems import Problems


def section_id(heading: str) -> str:
    """`### 3.1. Pod` → `3-1-pod`; `Replica Set (복제품)` → `replica-set-복제품`."""
    return "-".join(re.findall(r"\w+", heading.lower()))


def check_mirrors(course: Course, documents: Path, lessons: Path) -> tuple[Problem, ...]:
    problems = Problems()
    sections = {path.stem: _sections(path) for path in sorted(documents.glob("*.txt"))}
    for track in course.tracks:
        for lesson in track.lessons:
            for mirror in lesson.mirrors:
                document, _, section = mirror.partition("#")
                if document not in sections:
                    problems.add(lessons, 0, f"lesson {lesson.id} mirrors {document!r}, which is no document")
                elif section not in sections[document]:
                    problems.add(lessons, 0, f"lesson {lesson.id} mirrors {mirror!r}, which is no line of {document}")
    return problems.all()


def _sections(path: Path) -> set[str]:
    """The documents have no common way to mark headings: any line can be named."""
    return {section_id(line) for line in path.read_text(encoding="utf-8").splitlines()} - {""}
