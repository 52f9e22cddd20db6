"""The course from disk: the lessons that are whole, and every problem of those that are not. Content never raises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from k8slab.grading.spec import Text

from .course import Course, Lesson, Track
from .exercises import read_record
from .fields import Field
from .files import entries
from .lessons import read_lesson
from .outline import read_sections
from .problems import Problems
from .schema import COURSE, TRACK

ROOT_FILES = ("course.yaml", "documents.yaml", "README.md")


@dataclass(frozen=True, slots=True)
class _Read:
    """A track as it was read, with the folder of each lesson: the whole ones are chosen when all is known."""

    folder: str
    track: Track
    lessons: tuple[tuple[Path, Lesson], ...] = ()


def load(root: Path) -> Course:
    problems = Problems()
    fields = read_record(root / "course.yaml", problems).record(COURSE)
    tracks: list[_Read] = []
    for field in fields["tracks"].items() if "tracks" in fields else ():
        tracks.append(_read_track(root, field, tracks, problems))
    read_sections(root, problems)
    _check_folders(root, {read.folder for read in tracks}, problems)
    _check_unique(tracks, problems)
    return Course(
        title=fields["title"].text() if "title" in fields else Text("", ""),
        tracks=tuple(_whole(read, problems) for read in tracks),
        problems=problems.all(),
    )


def _whole(read: _Read, problems: Problems) -> Track:
    return replace(read.track, lessons=tuple(lesson for path, lesson in read.lessons if not problems.within(path)))


def _read_track(root: Path, field: Field, before: list[_Read], problems: Problems) -> _Read:
    fields = field.record(TRACK)
    track_id = fields["id"].label() if "id" in fields else ""
    folder = fields["folder"].label() if "folder" in fields else ""
    track = Track(track_id, fields["title"].text() if "title" in fields else Text("", ""), lessons=())
    if track_id and track_id in {read.track.id for read in before}:
        fields["id"].problem(f"another track has the id {track_id!r}")
    elif folder and folder in {read.folder for read in before}:
        fields["folder"].problem(f"another track has the folder {folder!r}")
    elif folder and not (root / folder).is_dir():
        fields["folder"].problem(f"there is no folder {folder!r}")
    elif track_id and folder:
        return _Read(folder, track, _read_lessons(root / folder, track_id, problems))
    return _Read(folder, track)


def _read_lessons(folder: Path, track: str, problems: Problems) -> tuple[tuple[Path, Lesson], ...]:
    """In the order of the folders' names: a number in front of each decides."""
    found: list[tuple[Path, Lesson]] = []
    for path in entries(folder, problems.teller(folder)):
        try:
            if path.is_dir():
                found.append((path, read_lesson(path, track, problems)))
            else:
                problems.add(path, 0, "does not belong here: a lesson is a folder")
        except OSError as error:  # a folder in it that may not be entered
            problems.add(path, 0, f"cannot be read: {error.strerror or error}")
    return tuple(found)


def _check_folders(root: Path, known: set[str], problems: Problems) -> None:
    if not root.is_dir():
        return
    for path in entries(root, problems.teller(root)):
        if path.is_dir() and path.name not in known:
            problems.add(path, 0, "no track of course.yaml has this folder")
        elif path.is_file() and path.name not in ROOT_FILES:
            problems.add(path, 0, f"does not belong here; here may stand: {', '.join(ROOT_FILES)}, the tracks' folders")


def _check_unique(tracks: list[_Read], problems: Problems) -> None:
    """Ids are addresses and gradebook columns: whoever comes second is left out."""
    taken: dict[str, Path] = {}
    for path, lesson in (pair for read in tracks for pair in read.lessons):
        if lesson.id:
            _claim(f"the lesson {lesson.id!r}", path / "lesson.yaml", taken, problems)
        for exercise in lesson.exercises:
            _claim(f"the exercise {exercise.id!r}", path / "exercises" / exercise.id, taken, problems)
        for quiz in lesson.quizzes:
            _claim(f"the quiz {quiz.id!r}", path / "quizzes" / f"{quiz.id}.yaml", taken, problems)


def _claim(name: str, path: Path, taken: dict[str, Path], problems: Problems) -> None:
    if name in taken:
        problems.add(path, 0, f"{name} exists already: {taken[name]}")
    taken.setdefault(name, path)
