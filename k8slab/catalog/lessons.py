"""Reads one lesson folder with its exercises."""

from __future__ import annotations

from pathlib import Path

from k8slab.grading.spec import Text

from .course import Exercise, Lesson
from .exercises import read_exercise, read_record
from .fields import Field
from .files import digest, entries, read_text
from .problems import Problems
from .prose import Part, compare, exercise_lines, outline
from .schema import LANGUAGES, LESSON, LESSON_FILES

LONGEST = 240  # minutes


def read_lesson(folder: Path, track: str, problems: Problems) -> Lesson:
    """The lesson as far as it could be read: whether it is whole, `problems.within(folder)` says."""
    fields = read_record(folder / "lesson.yaml", problems).record(LESSON)
    lesson_id = fields["id"].label() if "id" in fields else ""
    exercises = _exercises(folder, lesson_id, problems)
    body = {name: read_text(folder / f"{name}.md", problems.teller(folder / f"{name}.md")) or "" for name in LANGUAGES}
    _check_prose(folder, body, exercises, problems)
    _check_files(folder, problems)
    return Lesson(
        id=lesson_id,
        track=track,
        title=fields["title"].text() if "title" in fields else Text("", ""),
        objectives=_some(fields["objectives"]).each(Field.text) if "objectives" in fields else (),
        minutes=fields["minutes"].number(1, LONGEST) if "minutes" in fields else 0,
        mirrors=_some(fields["mirrors"]).each(_mirror) if "mirrors" in fields else (),
        body=body,
        exercises=exercises,
        hash=digest(folder),
    )


def _some(field: Field) -> Field:
    if field.value == []:
        field.problem("must not be empty")
    return field


def _mirror(field: Field) -> str:
    value = field.string()
    document, _, section = value.partition("#")
    if value and not (document and section):
        field.problem(f"{value!r} must be '<document>#<section>'")
    return value


def _exercises(folder: Path, lesson: str, problems: Problems) -> tuple[Exercise, ...]:
    """In the order of the text, which is the order of working through them."""
    home = folder / "exercises"
    if not home.exists():
        return ()
    found = []
    for path in entries(home, problems.teller(home)):
        if path.is_dir():
            found.append(read_exercise(path, lesson, problems))
        else:
            problems.add(path, 0, "does not belong here: an exercise is a folder")
    text = read_text(folder / f"{LANGUAGES[0]}.md", lambda line, message: None) or ""
    order = [*exercise_lines(outline(text, lambda line, message: None))]
    return tuple(sorted(found, key=lambda exercise: order.index(exercise.id) if exercise.id in order else len(order)))


def _check_prose(folder: Path, body: dict[str, str], exercises: tuple[Exercise, ...], problems: Problems) -> None:
    outlines: dict[str, tuple[Part, ...]] = {}
    for language in LANGUAGES:
        tell = problems.teller(folder / f"{language}.md")
        outlines[language] = outline(body[language], tell)
        if not body[language].strip() and (folder / f"{language}.md").exists():
            tell(0, "holds no text")
        _check_references(outlines[language], exercises, problems, folder / f"{language}.md")
    first = LANGUAGES[0]
    for other in LANGUAGES[1:]:
        tell = problems.teller(folder / f"{other}.md")
        if body[first] and body[other]:
            compare(outlines[other], outlines[first], f"{first}.md", tell)


def _check_references(parts: tuple[Part, ...], exercises: tuple[Exercise, ...], problems: Problems, file: Path) -> None:
    lines = [(name.removeprefix("exercise "), line) for name, line in parts if name.startswith("exercise ")]
    there = {exercise.id for exercise in exercises}
    for index, (name, line) in enumerate(lines):
        if name not in there:
            problems.add(file, line, f"there is no exercise {name!r} in this lesson")
        if name in {earlier for earlier, _ in lines[:index]}:
            problems.add(file, line, f"the exercise {name!r} stands here a second time")
    for name in there - {name for name, _ in lines}:
        problems.add(file, 0, f"the exercise {name!r} has no '::: exercise {name}' line")


def _check_files(folder: Path, problems: Problems) -> None:
    for path in entries(folder, problems.teller(folder)):
        if path.name not in (*LESSON_FILES, "exercises"):
            problems.add(path, 0, f"does not belong here; here may stand: {', '.join(LESSON_FILES)}, exercises/")
