"""What is wrong with the course beyond what its loader tells: objects that no sandbox takes, links that lead nowhere.

The loader decides which lessons are shown; this is for authors, costs more, and hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from k8slab.catalog.course import Course, Exercise, Lesson, Problem
from k8slab.catalog.files import digest
from k8slab.catalog.outline import read_sections
from k8slab.catalog.positions import Path as Place
from k8slab.catalog.problems import Problems, Tell

from . import images, placement, quotas, security, validity
from .objects import Manifest, read

REFUSED = re.compile(r"#[^\n]*\n#\s*refused\b")  # a wrong solution's second line: the cluster is to refuse it
_LINK = re.compile(r"\]\(([^)\s]+)")


def check(course: Course, root: Path) -> tuple[Problem, ...]:
    problems = Problems()
    folders = {digest(file.parent): file.parent for file in root.glob("*/*/lesson.yaml")}
    documents = {section.document for section in read_sections(root, Problems())}
    for lesson in course.lessons():
        folder = folders.get(lesson.hash)
        if folder is None:  # changed since it was loaded: the next check sees it
            continue
        _check_mirrors(lesson, documents, problems.teller(folder / "lesson.yaml"))
        for language in lesson.body:
            _check_links(course, lesson.body[language], problems.teller(folder / f"{language}.md"))
        for exercise in lesson.exercises:
            _check_exercise(exercise, folder / "exercises" / exercise.id, problems)
    return problems.all()


def _check_mirrors(lesson: Lesson, documents: set[str], tell: Tell) -> None:
    for mirror in lesson.mirrors:
        if documents and (document := mirror.partition("#")[0]) not in documents:
            tell(0, f"mirrors {document!r}, which documents.yaml does not have")


def _check_links(course: Course, text: str, tell: Tell) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        for target in _LINK.findall(line):
            if not target.startswith(("https://", "#")) and not _leads_somewhere(course, target):
                tell(
                    number, f"the link {target!r} leads nowhere: there are https://…, #…, /learn/<lesson>/[<exercise>/]"
                )


def _leads_somewhere(course: Course, target: str) -> bool:
    found = re.fullmatch(r"/learn/([a-z0-9-]+)/(?:([a-z0-9-]+)/)?(?:#.*)?", target)
    lesson = course.lesson(found[1]) if found else None
    return lesson is not None and (not found or not found[2] or found[2] in {each.id for each in lesson.exercises})


def _check_exercise(exercise: Exercise, folder: Path, problems: Problems) -> None:
    setup, solution = read(folder / "setup.yaml", exercise), read(folder / "solution.yaml", exercise)
    wrong = [m for file in sorted(folder.glob("wrong/*.yaml")) if not _refused(file) for m in read(file, exercise)]
    for manifest in (*setup, *solution, *wrong):
        _check_object(manifest, exercise, problems.teller(manifest.file))
    if exercise.solution_kind == "kubectl":  # what the lines make of the setup, only a proof can tell
        meant = f"; where that is meant, end the line with '{images.MEANT}'"
        for line, image in images.typed(exercise.solution):
            _check_image(image, line, problems.teller(folder / "solution.sh"), meant)
    else:
        _check_solved(setup, solution, problems)


def _check_solved(setup: Sequence[Manifest], solution: Sequence[Manifest], problems: Problems) -> None:
    """What stands there in the end: a solution repairs what the setup has broken."""
    solved = list({manifest.identity: manifest for manifest in (*setup, *solution)}.values())
    for message in quotas.exceeded(solved):
        problems.add(solution[0].file, 0, message)
    for manifest in solved:
        for place, image in images.of(manifest):
            if ":" not in image.rpartition("/")[2]:
                problems.add(manifest.file, manifest.document.line(place), f"name the version of the image {image!r}")
            _check_image(image, manifest.document.line(place), problems.teller(manifest.file))


def _refused(file: Path) -> bool:
    return REFUSED.match(file.read_text(encoding="utf-8")) is not None


def _check_object(manifest: Manifest, exercise: Exercise, tell: Tell) -> None:
    found: list[tuple[Place, str]] = list(validity.problems(manifest))
    if not found:  # the others take for granted that it has Kubernetes' shape
        found += placement.problems(manifest, exercise)
        found += quotas.beyond(manifest)
        found += [] if "host-path" in exercise.needs else security.problems(manifest)
    for place, message in found:
        tell(manifest.document.line(place), message)


def _check_image(image: str, line: int, tell: Tell, advice: str = "") -> None:
    if "$" not in image and not images.known(image):
        tell(
            line, f"the embedded cluster knows no image {image!r}: k8slab/emulator/nodes/images.yaml lists them{advice}"
        )
