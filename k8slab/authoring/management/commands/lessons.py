"""`manage.py lessons check|prove|coverage|new`: what an author asks before anybody else sees a lesson."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from k8slab.authoring import checking, coverage, reporting
from k8slab.authoring.beginning import CannotBegin, begin
from k8slab.authoring.clusters import cluster
from k8slab.authoring.proof import JOBS, Proof, prove
from k8slab.catalog.course import Course, Exercise
from k8slab.catalog.loader import load
from k8slab.catalog.mirrors import check_mirrors
from k8slab.kube.errors import KubeError
from k8slab.supervisor.stack import StackFailed

DOCUMENTS = settings.BASE_DIR.parent / "shared" / "documents"
COVERAGE = settings.BASE_DIR / "docs" / "coverage.md"


class Command(BaseCommand):
    help = "Checks and proves the lessons."
    requires_system_checks: list[str] = []  # an author need not have a database

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="list every problem with file and line; exit code 1 when there is one")
        check.add_argument(
            "--documents", type=Path, default=DOCUMENTS, help="the documents that `mirrors` names; skipped when absent"
        )
        prove = verbs.add_parser("prove", help="try start, solution and wrong solutions of exercises on a cluster")
        prove.add_argument("ids", nargs="*", metavar="ID", help="an exercise or a lesson; without any: all exercises")
        prove.add_argument("--kubeconfig", type=Path, help="a cluster; without it, an embedded one is started")
        prove.add_argument("--jobs", type=int, default=JOBS, help=f"sandboxes at once (default: {JOBS})")
        prove.add_argument("--format", choices=("table", "json"), default="table")
        covered = verbs.add_parser("coverage", help="which section of the documents has which lessons and exercises")
        covered.add_argument("--write", action="store_true", help=f"write the table to {shown(COVERAGE)}")
        new = verbs.add_parser("new", help="begin a lesson, or an exercise of one, with files that pass check")
        new.add_argument("where", metavar="TRACK/LESSON", help="for example controllers/55-scaling")
        new.add_argument("--exercise", metavar="ID", default="", help="begin an exercise in it")
        for verb in (check, prove, covered, new):
            verb.add_argument("--root", type=Path, default=settings.LESSONS_DIR, help="the folder of course.yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        verbs = {
            "check": self.check_files,
            "prove": self.prove_exercises,
            "coverage": self.show_coverage,
            "new": self.begin,
        }
        verbs[options["verb"]](options)

    def check_files(self, options: dict[str, Any]) -> None:
        root: Path = options["root"]
        course = load(root)
        problems = course.problems + checking.check(course, root)
        if options["documents"].is_dir():
            problems += check_mirrors(course, options["documents"], root / "course.yaml")
        else:
            self.stdout.write(f"{options['documents']} is not there: `mirrors` not checked")
        for problem in problems:
            self.stdout.write(f"{shown(problem.file)}:{problem.line}: {problem.message}")
        if problems:
            raise CommandError(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}", returncode=1)
        self.stdout.write(self.style.SUCCESS(summary(course)))

    def prove_exercises(self, options: dict[str, Any]) -> None:
        chosen = self._chosen(load(options["root"]), options["ids"])
        began, done = time.monotonic(), 0

        def told(proof: Proof) -> None:
            nonlocal done
            done += 1
            self.stderr.write(f"[{done}/{len(chosen)}] {reporting.line(proof)}", style_func=str)

        try:
            with cluster(options["kubeconfig"]):
                proofs = prove(chosen, options["jobs"], told)
        except KeyboardInterrupt:
            raise CommandError("stopped; its sandboxes are gone", returncode=130) from None
        except (KubeError, StackFailed) as error:
            raise CommandError(f"there is no cluster to prove them on: {error}") from error
        seconds = time.monotonic() - began
        as_json = options["format"] == "json"
        self.stdout.write(reporting.as_json(proofs, seconds) if as_json else reporting.table(proofs))
        failed = sum(proof.outcome == "failed" for proof in proofs)
        if failed:
            raise CommandError(f"{failed} of {len(proofs)} exercises failed, in {seconds:.0f} s", returncode=1)
        self.stderr.write(f"{len(proofs)} exercises in {seconds:.0f} s", style_func=str)

    def show_coverage(self, options: dict[str, Any]) -> None:
        rows = coverage.coverage(load(options["root"]), options["root"])
        if options["write"]:
            COVERAGE.write_text(coverage.as_markdown(rows), encoding="utf-8")
        else:
            self.stdout.write(coverage.as_markdown(rows))
        if missing := coverage.missing(rows):
            listed = "".join(f"\n    {section}" for section in missing)
            raise CommandError(f"{len(missing)} of {len(rows)} sections have no lesson:{listed}", returncode=1)

    def begin(self, options: dict[str, Any]) -> None:
        try:
            written = begin(load(options["root"]), options["root"], options["where"], options["exercise"])
        except CannotBegin as error:
            raise CommandError(str(error)) from error
        for path in written:
            self.stdout.write(str(shown(path)))

    def _chosen(self, course: Course, ids: list[str]) -> list[Exercise]:
        for problem in course.problems:
            self.stderr.write(f"{shown(problem.file)}:{problem.line}: {problem.message}", style_func=str)
        there = [exercise for lesson in course.lessons() for exercise in lesson.exercises]
        known = {name for exercise in there for name in (exercise.id, exercise.lesson)}
        if unknown := [name for name in ids if name not in known]:
            raise CommandError(f"no whole exercise or lesson has the id {', '.join(unknown)}")
        return [exercise for exercise in there if not ids or exercise.id in ids or exercise.lesson in ids]


def shown(path: Path) -> Path:
    """Short where the reader stands above it, so that an editor can open it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def summary(course: Course) -> str:
    lessons = course.lessons()
    exercises = [exercise for lesson in lessons for exercise in lesson.exercises]
    checks = sum(len(exercise.checks) for exercise in exercises)
    return f"{len(lessons)} lessons, {len(exercises)} exercises, {checks} checks: no problems"
