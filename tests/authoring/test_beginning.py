"""`lessons new` writes what passes `check`, and never over what is there."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from k8slab.authoring.proof import prove
from k8slab.catalog.loader import load
from tests.catalog.small_course import put, write_course


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_course(tmp_path)


def lessons(root: Path, verb: str, *words: str) -> str:
    out = io.StringIO()
    call_command("lessons", verb, *words, "--root", str(root), stdout=out)
    return out.getvalue()


def checked(root: Path) -> str:
    return lessons(root, "check", "--documents", "/nowhere")


def test_it_works(root: Path) -> None:
    put(root, "documents.yaml", "notes: [Pods, Scaling]\n")
    written = lessons(root, "new", "basics/20-scaling", "--exercise", "by-hand")
    assert "20-scaling/exercises/by-hand/wrong/image.yaml" in written
    assert "2 lessons, 2 exercises, 3 checks: no problems" in checked(root)
    made = load(root).lesson("scaling")
    assert made
    assert made.mirrors == ("notes#scaling",)  # the first section that nobody teaches yet


def test_the_new_exercise_can_be_proven_as_it_is(root: Path, emulator: Path, settings: Settings) -> None:
    settings.KUBECONFIG = str(emulator)
    lessons(root, "new", "10-basics/20-scaling", "--exercise", "by-hand")
    exercise = load(root).exercise("by-hand")
    assert exercise
    [proof] = prove([exercise], 4, lambda proof: None)
    assert proof.faults == ()


def test_an_exercise_is_added_to_a_lesson_in_both_languages(root: Path) -> None:
    lessons(root, "new", "basics/10-pods", "--exercise", "second")
    assert "1 lessons, 2 exercises, 3 checks: no problems" in checked(root)
    assert [each.id for each in load(root).lessons()[0].exercises] == ["first", "second"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["basics"], "must be TRACK/LESSON"),
        (["storage/10-volumes"], "no track 'storage'; there are: basics"),
        (["basics/Scaling"], "must be lower-case"),
        (["basics/../../x"], "must be lower-case"),
        (["basics/10-pods"], "is there already; --exercise ID"),
        (["basics/30-pods"], "there is a lesson 'pods' already"),
        (["basics/10-pods", "--exercise", "first"], "there is an exercise 'first' already"),
    ],
)
def test_what_cannot_be_begun_changes_nothing(root: Path, words: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        lessons(root, "new", *words)
    assert "1 lessons, 1 exercises, 1 checks: no problems" in checked(root)
