"""An author's look at the course: problems with their place, and every state of an exercise a click away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from k8slab.accounts.models import User
from k8slab.attempts.models import Attempt
from k8slab.catalog import shelf
from k8slab.catalog.course import Course, StartFile, Wrong
from tests.people import client_of, guest, mina, tae

pytestmark = pytest.mark.django_db


@pytest.fixture
def states(course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The first exercise has everything that an exercise can have."""
    track, lesson = course.tracks[0], course.tracks[0].lessons[0]
    exercise = replace(
        lesson.exercises[0],
        files=(StartFile("a.yaml", "# begin ${color}\n"), StartFile("b.yaml", "# and here\n")),
        setup="# there before\n",
        solution="kind: ${color}\n",
        wrong=(Wrong("typo", "runs", "kind: <Pood>\n"), Wrong("lines", "runs", "kubectl get pods\n", "kubectl")),
        vars={"color": ("red", "blue")},
    )
    lesson = replace(lesson, exercises=(exercise, *lesson.exercises[1:]))
    changed = replace(course, tracks=(replace(track, lessons=(lesson,)),))
    monkeypatch.setattr(shelf, "current", lambda: changed)
    return changed


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the attempts that a worker was asked to prepare."""
    asked: list[str] = []
    monkeypatch.setattr("k8slab.instructor.views.enqueue", lambda task, attempt: asked.append(attempt))
    return asked


def load(state: str, author: User | None = None) -> dict[str, str]:
    answer = client_of(author or tae()).post(reverse("teach_load", args=["first"]), {"state": state})
    assert (answer.status_code, answer["Location"]) == (302, reverse("exercise", args=["pods", "first"]))
    files: dict[str, str] = Attempt.objects.get(exercise="first").files
    return files


def test_it_works(states: Course) -> None:
    page = client_of(tae()).get(reverse("teach_exercise", args=["first"])).content.decode()
    for text in ("# there before", "# and here", "kind: &lt;Pood&gt;", "kubectl get pods", "The pod runs"):
        assert text in page
    assert "${color}" not in page


def test_the_list_leads_to_every_exercise(states: Course) -> None:
    page = client_of(tae()).get(reverse("teach_lessons")).content.decode()
    assert reverse("teach_exercise", args=["first"]) in page
    assert reverse("teach_exercise", args=["second"]) in page
    assert "unknown key: titel" in page


def test_a_solution_fills_the_first_file_and_empties_the_others(
    states: Course, prepared: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        files = load("solution")
    assert prepared == [str(Attempt.objects.get().pk)]
    assert files["a.yaml"] in ("kind: red\n", "kind: blue\n")
    assert files["b.yaml"] == ""


def test_the_start_comes_back(states: Course) -> None:
    author = tae()
    assert load("wrong/typo", author)["a.yaml"] == "kind: <Pood>\n"
    files = load("start", author)
    assert files["a.yaml"].startswith("# begin ")
    assert files["b.yaml"] == "# and here\n"


def test_lines_for_the_terminal_are_a_file_beside_the_start(states: Course) -> None:
    assert load("wrong/lines")["wrong-lines.sh"] == "kubectl get pods\n"


def test_what_is_not_there_is_not_found(states: Course) -> None:
    client = client_of(tae())
    assert client.post(reverse("teach_load", args=["first"]), {"state": "wrong/none"}).status_code == 404
    assert client.get(reverse("teach_exercise", args=["none"])).status_code == 404
    assert client.get(reverse("teach_load", args=["first"])).status_code == 405


def test_solutions_are_for_instructors_only(states: Course) -> None:
    for user in (mina(), guest()):
        client = client_of(user)
        assert client.get(reverse("teach_exercise", args=["first"])).status_code == 403
        assert client.post(reverse("teach_load", args=["first"]), {"state": "solution"}).status_code == 403
    assert not Attempt.objects.exists()
