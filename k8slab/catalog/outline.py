"""The sections of the documents that a course mirrors: `documents.yaml` beside `course.yaml`, headings only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .exercises import read_record
from .mirrors import section_id
from .problems import Problems

FILE = "documents.yaml"


@dataclass(frozen=True, slots=True)
class Section:
    document: str
    heading: str

    @property
    def id(self) -> str:
        """As `mirrors` names it."""
        return f"{self.document}#{section_id(self.heading)}"


def read_sections(root: Path, problems: Problems) -> tuple[Section, ...]:
    """In the order of the file; none where a course mirrors nothing that is outlined."""
    if not (root / FILE).exists():
        return ()
    found: list[Section] = []
    for document, headings in read_record(root / FILE, problems).mapping().items():
        for heading in headings.items():
            section = Section(document, heading.string())
            if section.id in {earlier.id for earlier in found}:
                heading.problem(f"the section {section.id!r} stands here already")
            found.append(section)
    return tuple(found)
