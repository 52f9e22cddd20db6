"""A new lesson, or a new exercise of a lesson, to go on from: files that pass `check` and can be proven as they are."""

from __future__ import annotations

import re
from pathlib import Path

from k8slab.catalog.course import Course
from k8slab.catalog.exercises import read_record
from k8slab.catalog.fields import LABEL
from k8slab.catalog.problems import Problems
from k8slab.catalog.schema import LANGUAGES

from .coverage import coverage

SCAFFOLD = Path(__file__).parent / "scaffold"


class CannotBegin(Exception):
    """The message is for whoever typed the command."""


def begin(course: Course, root: Path, where: str, exercise: str) -> list[Path]:
    """`where` is TRACK/LESSON, by folder or id. Returns the files that were written. Raises CannotBegin."""
    track, slash, name = where.partition("/")
    if not slash:
        raise CannotBegin(f"{where!r} must be TRACK/LESSON, for example controllers/55-scaling")
    folder = _track_folder(root, track) / name
    _check_name(name)
    _check_name(exercise)
    if not folder.exists():
        return _new_lesson(course, root, folder) + _add_exercise(course, folder, exercise)
    if not exercise:
        raise CannotBegin(f"{folder} is there already; --exercise ID adds an exercise to it")
    return _add_exercise(course, folder, exercise)


def _new_lesson(course: Course, root: Path, folder: Path) -> list[Path]:
    lesson = re.sub(r"^\d+-", "", folder.name)
    if course.lesson(lesson):
        raise CannotBegin(f"there is a lesson {lesson!r} already")
    return _copy("lesson", folder, _facts(course, root, lesson))


def _track_folder(root: Path, track: str) -> Path:
    fields = read_record(root / "course.yaml", Problems()).mapping()
    tracks = fields["tracks"].items() if "tracks" in fields else []
    for each in (field.value for field in tracks):
        if track in (each.get("id"), each.get("folder")):
            return root / str(each["folder"])
    raise CannotBegin(f"course.yaml has no track {track!r}; there are: {', '.join(f.value['id'] for f in tracks)}")


def _check_name(name: str) -> None:
    if name and not LABEL.fullmatch(name):
        raise CannotBegin(f"{name!r} must be lower-case letters, digits and '-'")


def _facts(course: Course, root: Path, lesson: str) -> dict[str, str]:
    rows = coverage(course, root)
    free = [row.section.id for row in rows if not row.lessons] or [row.section.id for row in rows]
    mirror = free[0] if free else "document#section"
    return {"lesson": lesson, "title": lesson.replace("-", " ").capitalize(), "mirror": mirror}


def _add_exercise(course: Course, folder: Path, exercise: str) -> list[Path]:
    if not exercise:
        return []
    if course.exercise(exercise) or (folder / "exercises" / exercise).exists():
        raise CannotBegin(f"there is an exercise {exercise!r} already")
    for language in LANGUAGES:
        text = folder / f"{language}.md"
        text.write_text(_with_line(text.read_text(encoding="utf-8"), f"::: exercise {exercise}"), encoding="utf-8")
    return _copy("exercise", folder / "exercises" / exercise, {})


def _with_line(text: str, line: str) -> str:
    """Before what should be remembered, which comes last."""
    before, remember, after = text.partition("::: remember\n")
    return f"{before}{line}\n\n{remember}{after}" if remember else f"{text.rstrip()}\n\n{line}\n"


def _copy(kind: str, folder: Path, facts: dict[str, str]) -> list[Path]:
    written = []
    for source in sorted((SCAFFOLD / kind).rglob("*.*")):
        target = folder / source.relative_to(SCAFFOLD / kind)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        target.write_text(re.sub(r"@(\w+)@", lambda found: facts[found[1]], text), encoding="utf-8")
        written.append(target)
    return written
