"""Collects what is wrong with the course: everything, in the order of the files, and never stops at the first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .course import Problem

# What a reader of one file reports to: a 1-based line (0: the file as a whole) and what is wrong there.
Tell = Callable[[int, str], None]


class Problems:
    def __init__(self) -> None:
        self._found: set[Problem] = set()

    def add(self, file: Path, line: int, message: str) -> None:
        self._found.add(Problem(file, line, message))

    def teller(self, file: Path) -> Tell:
        return lambda line, message: self.add(file, line, message)

    def within(self, folder: Path) -> bool:
        """Whether any file of this folder has a problem."""
        return any(problem.file.is_relative_to(folder) for problem in self._found)

    def all(self) -> tuple[Problem, ...]:
        return tuple(sorted(self._found, key=lambda problem: (problem.file, problem.line, problem.message)))
