"""`manage.py lessons`: what it prints, and with which exit code it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.catalog.small_course import change, put, write_course

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: "${name}"}
spec:
  containers: [{name: web, image: "nginx:1.27"}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_course(tmp_path / "lessons")
    exercise = "10-basics/10-pods/exercises/first"
    put(root, f"{exercise}/solution.yaml", POD)
    put(root, f"{exercise}/wrong/green.yaml", "# fails: runs\n" + POD.replace("${name}", "green"))
    change(root, f"{exercise}/exercise.yaml", "settled: true", "settled: true\n    within: 2s")
    return root


def run(root: Path, documents: Path) -> str:
    out = io.StringIO()
    call_command("lessons", "check", "--root", str(root), "--documents", str(documents), stdout=out)
    return out.getvalue()


def test_it_works(root: Path, tmp_path: Path) -> None:
    put(tmp_path, "documents/notes.txt", "## Pods\n")
    assert "1 lessons, 1 exercises, 1 checks: no problems" in run(root, tmp_path / "documents")


def test_without_the_documents_it_says_that_mirrors_are_not_checked(root: Path, tmp_path: Path) -> None:
    assert "`mirrors` not checked" in run(root, tmp_path / "nowhere")


def test_a_problem_is_file_line_message_and_exit_code_1(root: Path) -> None:
    change(root, "10-basics/10-pods/lesson.yaml", "minutes: 10", "minutes: none")
    out = io.StringIO()
    with pytest.raises(CommandError) as raised:
        call_command("lessons", "check", "--root", str(root), "--documents", "/nowhere", stdout=out)
    assert raised.value.returncode == 1
    assert f"{root}/10-basics/10-pods/lesson.yaml:3: must be a whole number" in out.getvalue()


@pytest.mark.parametrize(
    ("mirror", "words"),
    [("books#pods", "mirrors 'books', which is no document"), ("notes#podz", "which is no line of notes")],
)
def test_a_mirror_names_a_line_of_a_document(root: Path, tmp_path: Path, mirror: str, words: str) -> None:
    put(tmp_path, "documents/notes.txt", "## Pods\n")
    change(root, "10-basics/10-pods/lesson.yaml", "notes#pods", mirror)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("lessons", "check", "--root", str(root), "--documents", str(tmp_path / "documents"), stdout=out)
    assert words in out.getvalue()


# --- prove ----------------------------------------------------------------------------------------------------------
def prove(root: Path, kubeconfig: Path, *words: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    where = ("--root", str(root), "--kubeconfig", str(kubeconfig), "--jobs", "4")
    call_command("lessons", "prove", *words, *where, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_proof_is_a_table_with_progress_beside_it(root: Path, emulator: Path) -> None:
    table, progress = prove(root, emulator)
    assert "[1/1] first: proven" in progress
    head, row = table.splitlines()
    assert head.split() == ["EXERCISE", "LESSON", "CHECKS", "WRONG", "SOLVED", "IN", "RESULT"]
    assert row.split()[:4] == ["first", "pods", "1", "1"]
    assert row.endswith("proven")


def test_a_failed_proof_is_json_and_exit_code_1(root: Path, emulator: Path) -> None:
    change(root, "10-basics/10-pods/exercises/first/solution.yaml", "${name}", "yellow")
    out = io.StringIO()
    where = ("--root", str(root), "--kubeconfig", str(emulator), "--format", "json")
    with pytest.raises(CommandError) as raised:
        call_command("lessons", "prove", "pods", *where, stdout=out, stderr=io.StringIO())
    assert raised.value.returncode == 1
    [told] = json.loads(out.getvalue())["exercises"]
    assert (told["id"], told["outcome"], told["checks"]) == ("first", "failed", 1)
    assert "does not exist" in told["faults"][0]


def test_what_is_not_there_cannot_be_proven(root: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no whole exercise or lesson has the id second"):
        prove(root, tmp_path, "second")
    with pytest.raises(CommandError, match="there is no cluster to prove them on"):
        prove(root, tmp_path / "nowhere", "first")


# --- coverage -------------------------------------------------------------------------------------------------------
def test_coverage_fails_for_a_section_without_a_lesson(root: Path) -> None:
    put(root, "documents.yaml", "notes: [Pods]\n")
    out = io.StringIO()
    call_command("lessons", "coverage", "--root", str(root), stdout=out)
    assert "| Pods | pods | first | none |" in out.getvalue()
    put(root, "documents.yaml", "notes: [Pods, Volumes]\n")
    with pytest.raises(CommandError, match="1 of 2 sections have no lesson:\n    notes#volumes") as raised:
        call_command("lessons", "coverage", "--root", str(root), stdout=out)
    assert raised.value.returncode == 1
