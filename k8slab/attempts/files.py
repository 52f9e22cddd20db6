"""The files of an answer: which there are, one text of them all for the cluster, and which file a line belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from k8slab.catalog.course import Exercise
from k8slab.grading.substitution import substitute

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
MOST = 20  # files of one answer
LIMIT = 1024 * 1024  # characters of all of them

Part = tuple[str, int]  # a file's name, and the line of the whole text that its first line is


class FilesError(ValueError):
    """They cannot be kept like this."""


def starts(exercise: Exercise, values: Mapping[str, str]) -> dict[str, str]:
    """What the editor opens with, in the exercise's order."""
    return {file.name: substitute(file.text, values) for file in exercise.files}


def of_answer(exercise: Exercise, values: Mapping[str, str], drafts: Mapping[str, str]) -> dict[str, str]:
    """The exercise's files as the student left them, then those that the student made besides."""
    return {**starts(exercise, values), **drafts}


def handed_in(exercise: Exercise, files: Mapping[str, str]) -> dict[str, str]:
    """Those that a submission applies: the exercise's own, in its order. What a student made besides stays a note."""
    return {file.name: files.get(file.name, "") for file in exercise.files}


def changed(files: Mapping[str, str], name: str, text: str) -> dict[str, str]:
    """`files` with one of them written anew. Raises FilesError."""
    if not NAME.fullmatch(name):
        raise FilesError(f"{name!r} is no file name")
    after = {**files, name: text}
    if len(after) > MOST:
        raise FilesError(f"more than {MOST} files")
    if sum(map(len, after.values())) > LIMIT:
        raise FilesError(f"more than {LIMIT} characters")
    return after


def joined(files: Mapping[str, str]) -> tuple[str, list[Part]]:
    """One YAML text of several files; a single file stays as it is, and has no parts."""
    if len(files) == 1:
        return next(iter(files.values())), []
    text, parts, line = "", [], 1
    for name, content in files.items():
        head = f"--- # {name}\n"
        body = content if content.endswith("\n") or not content else f"{content}\n"
        parts.append((name, line + 1))
        text += head + body
        line += 1 + body.count("\n")
    return text, parts


def place(parts: Sequence[Sequence[str | int]], line: int) -> tuple[str, int]:
    """The file and its own line for a line of the whole text; ("", line) where there is only one file."""
    at: tuple[str, int] = ("", line)
    for name, first in parts:
        if line >= int(first) - 1:  # a file's head line counts as its first
            at = (str(name), max(1, line - int(first) + 1))
    return at


def split(exercise: Exercise, text: str, parts: Sequence[Sequence[str | int]]) -> dict[str, str]:
    """What `joined` has joined."""
    if not parts:
        return {exercise.files[0].name: text}
    lines = text.splitlines(keepends=True)
    ends = [int(first) - 2 for _, first in parts[1:]] + [len(lines)]
    return {str(name): "".join(lines[int(first) - 1 : end]) for (name, first), end in zip(parts, ends, strict=True)}
