"""`manage.py lessons check`: every problem of every lesson file, as `file:line: message`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from k8slab.catalog.course import Course
from k8slab.catalog.loader import load
from k8slab.catalog.mirrors import check_mirrors

DOCUMENTS = settings.BASE_DIR.parent / "shared" / "documents"


class Command(BaseCommand):
    help = "Checks the lessons: schema, languages, references, YAML."
    requires_system_checks: list[str] = []  # an author need not have a database

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="list every problem with file and line; exit code 1 when there is one")
        check.add_argument("--root", type=Path, default=settings.LESSONS_DIR, help="the folder of course.yaml")
        check.add_argument(
            "--documents", type=Path, default=DOCUMENTS, help="the documents that `mirrors` names; skipped when absent"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        root: Path = options["root"]
        course = load(root)
        problems = course.problems
        if options["documents"].is_dir():
            problems += check_mirrors(course, options["documents"], root / "course.yaml")
        else:
            self.stdout.write(f"{options['documents']} is not there: `mirrors` not checked")
        for problem in problems:
            self.stdout.write(f"{shown(problem.file)}:{problem.line}: {problem.message}")
        if problems:
            raise CommandError(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}", returncode=1)
        self.stdout.write(self.style.SUCCESS(summary(course)))


def shown(path: Path) -> Path:
    """Short where the reader stands above it, so that an editor can open it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def summary(course: Course) -> str:
    lessons = course.lessons()
    exercises = [exercise for lesson in lessons for exercise in lesson.exercises]
    checks = sum(len(exercise.checks) for exercise in exercises)
    return f"{len(lessons)} lessons, {len(exercises)} exercises, {checks} checks: no problems"
