"""Reads one lesson folder with its exercises."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from k8slab.grading.spec import Text

from .course import Diagram, Exercise, Lesson, Link, Quiz
from .diagrams import read_diagrams
from .exercises import read_exercise, read_record
from .fields import Field
from .files import digest, entries, read_text
from .problems import Problems
from .prose import Part, compare, named, outline
from .quizzes import read_quiz
from .schema import DIRECTIVES, LANGUAGES, LESSON, LESSON_FILES, LINK

LONGEST = 240  # minutes
LESSON_FOLDERS = ("exercises", "quizzes", "diagrams")
Named = Exercise | Quiz | Diagram
T = TypeVar("T", bound=Exercise | Quiz)


def read_lesson(folder: Path, track: str, problems: Problems) -> Lesson:
    """The lesson as far as it could be read: whether it is whole, `problems.within(folder)` says."""
    fields = read_record(folder / "lesson.yaml", problems).record(LESSON)
    lesson_id = fields["id"].label() if "id" in fields else ""
    exercises = _exercises(folder, lesson_id, problems)
    quizzes = _quizzes(folder, lesson_id, problems)
    diagrams = read_diagrams(folder / "diagrams", problems)
    body = {name: read_text(folder / f"{name}.md", problems.teller(folder / f"{name}.md")) or "" for name in LANGUAGES}
    there: tuple[Named, ...] = (*exercises, *quizzes, *diagrams)
    _check_prose(folder, body, there, problems)
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
        quizzes=quizzes,
        diagrams=diagrams,
        links=_some(fields["links"]).each(_link) if "links" in fields else (),
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


def _link(field: Field) -> Link:
    parts = field.record(LINK)
    url = parts["url"].string() if "url" in parts else ""
    if url and not url.startswith("https://"):
        parts["url"].problem(f"{url!r} must begin with https://")
    return Link(parts["title"].text() if "title" in parts else Text("", ""), url)


def _quizzes(folder: Path, lesson: str, problems: Problems) -> tuple[Quiz, ...]:
    home = folder / "quizzes"
    if not home.exists():
        return ()
    found = []
    for path in entries(home, problems.teller(home)):
        if path.suffix == ".yaml":
            found.append(read_quiz(path, lesson, problems))
        else:
            problems.add(path, 0, "does not belong here: a quiz is a .yaml file")
    return _in_order("quiz", found, folder)


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
    return _in_order("exercise", found, folder)


def _in_order(what: str, found: Sequence[T], folder: Path) -> tuple[T, ...]:
    """In the order of the text, which is the order of working through them."""
    text = read_text(folder / f"{LANGUAGES[0]}.md", lambda line, message: None) or ""
    order = [*named(what, outline(text, lambda line, message: None))]
    return tuple(sorted(found, key=lambda each: order.index(each.id) if each.id in order else len(order)))


def _check_prose(folder: Path, body: dict[str, str], there: tuple[Named, ...], problems: Problems) -> None:
    outlines: dict[str, tuple[Part, ...]] = {}
    for language in LANGUAGES:
        tell = problems.teller(folder / f"{language}.md")
        outlines[language] = outline(body[language], tell)
        if not body[language].strip() and (folder / f"{language}.md").exists():
            tell(0, "holds no text")
        _check_references(outlines[language], there, problems, folder / f"{language}.md")
    first = LANGUAGES[0]
    for other in LANGUAGES[1:]:
        tell = problems.teller(folder / f"{other}.md")
        if body[first] and body[other]:
            compare(outlines[other], outlines[first], f"{first}.md", tell)


def _check_references(parts: tuple[Part, ...], there: tuple[Named, ...], problems: Problems, file: Path) -> None:
    known = {f"{_directive(each)} {each.id}" for each in there}
    lines = [(name, line) for name, line in parts if name.partition(" ")[0] in DIRECTIVES]
    for index, (name, line) in enumerate(lines):
        what, _, which = name.partition(" ")
        if name not in known:
            problems.add(file, line, f"there is no {what} {which!r} in this lesson")
        if name in {earlier for earlier, _ in lines[:index]}:
            problems.add(file, line, f"the {what} {which!r} stands here a second time")
    for name in sorted(known - {name for name, _ in lines}):
        what, _, which = name.partition(" ")
        problems.add(file, 0, f"the {what} {which!r} has no '::: {name}' line")


def _directive(each: Named) -> str:
    return type(each).__name__.lower()


def _check_files(folder: Path, problems: Problems) -> None:
    for path in entries(folder, problems.teller(folder)):
        if path.name not in (*LESSON_FILES, *LESSON_FOLDERS):
            allowed = ", ".join((*LESSON_FILES, *(f"{name}/" for name in LESSON_FOLDERS)))
            problems.add(path, 0, f"does not belong here; here may stand: {allowed}")
