from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.catalog.small_course import change, put


def run(root: Path, documents: Path) -> str:
    out = io.StringIO()
    call_command("lessons", "check", "--root", str(root), "--documents", str(documents), stdout=out)
    return out.getvalue()


def test_it_works(root: Path, tmp_path: Path) -> None:
    put(tmp_path, "documents/notes.txt", "## Pods\n")
    assert "1 lessons, 1 exercises, 1 checks: no problems" in run(root, tmp_path / "documents")


def test_without_the_documents_it_says_that_mirrors_are_not_checked(root: Path, tmp_path: Path) -> None:
    assert "`mirrors` not checked" in run(root, tmp_path / "nowhere")


def test_a_problem_is_file_line_message_and_exit_code_1(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
