"""Exercises whose answer is several files."""

from __future__ import annotations

from pathlib import Path

import pytest

from k8slab.catalog.course import Course
from k8slab.catalog.loader import load

from .small_course import put, write_course

FOLDER = "10-basics/10-pods/exercises/first"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_course(tmp_path)
    (tmp_path / FOLDER / "start.yaml").unlink()
    put(tmp_path, f"{FOLDER}/start/pod.yaml", "# the pod\n")
    put(tmp_path, f"{FOLDER}/start/config.yaml", CONFIG)
    return tmp_path


def with_files(root: Path, files: str) -> Course:
    path = root / FOLDER / "exercise.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}files: {files}\n", encoding="utf-8")
    return load(root)


def words(course: Course) -> list[str]:
    return [problem.message for problem in course.problems]


def test_it_works(root: Path) -> None:
    course = with_files(root, "[config.yaml, pod.yaml]")
    assert words(course) == []
    exercise = course.exercise("first")
    assert exercise is not None
    assert [(file.name, file.text) for file in exercise.files] == [("config.yaml", CONFIG), ("pod.yaml", "# the pod\n")]
    assert exercise.start == f"--- # config.yaml\n{CONFIG}\n--- # pod.yaml\n# the pod\n\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ("[config.yaml]", "needs at least two different files"),
        ("[pod.yaml, pod.yaml]", "needs at least two different files"),
        ("[pod.yaml, ../secret.yaml]", "must be lower-case letters"),
        ("[pod.yaml, other.yaml]", "this file is missing"),
        ("[pod.yaml, other.yaml]", "is not among the exercise's files"),
        ("pod.yaml", "must be a list"),
    ],
)
def test_what_does_not_fit_is_a_problem(root: Path, files: str, told: str) -> None:
    assert any(told in said for said in words(with_files(root, files)))


def test_a_start_beside_them_does_not_belong_there(root: Path) -> None:
    put(root, f"{FOLDER}/start.yaml", "# which one?\n")
    assert any("does not belong here" in said for said in words(with_files(root, "[config.yaml, pod.yaml]")))


def test_a_hint_may_cost_points(root: Path) -> None:
    path = root / FOLDER / "exercise.yaml"
    put(root, f"{FOLDER}/exercise.yaml", f"{path.read_text(encoding='utf-8')}hints_cost: 1\n")
    exercise = with_files(root, "[config.yaml, pod.yaml]").exercise("first")
    assert exercise is not None
    assert exercise.hints_cost == 1
