from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from k8slab.accounts.models import User
from k8slab.attempts.models import Attempt, Submission
from k8slab.catalog import shelf
from k8slab.catalog.course import Course, Exercise, Lesson, Problem, StartFile, Track
from k8slab.grading.spec import Check, Text
from k8slab.sandbox.models import Sandbox


def text(en: str) -> Text:
    return Text(en, f"{en} (한국어)")


def exercise(exercise_id: str, points: int) -> Exercise:
    return Exercise(
        id=exercise_id,
        lesson="pods",
        title=text(exercise_id.title()),
        task=text("Do it."),
        files=(StartFile("answer.yaml", ""),),
        setup="",
        solution="",
        solution_kind="yaml",
        wrong=(),
        checks=(Check(id="runs", title=text("The pod runs"), points=points),),
        needs=(),
        vars={},
        hash="now",
    )


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Course:
    """A course of one lesson with two exercises, and a mistake in its files."""
    exercises = (exercise("first", 2), exercise("second", 3))
    lesson = Lesson("pods", "start", text("Pods"), (), 10, (), {"en": ""}, exercises, (), (), (), "now")
    problem = Problem(Path(settings.LESSONS_DIR) / "10-pods" / "lesson.yaml", 7, "unknown key: titel")
    made = Course(text("Kubernetes"), (Track("start", text("Start"), (lesson,)),), (problem,))
    monkeypatch.setattr(shelf, "current", lambda: made)
    return made


def attempt_of(user: User, exercise_id: str = "first", points: int = 0, **fields: object) -> Attempt:
    sandbox, _ = Sandbox.objects.get_or_create(
        owner=user, defaults={"namespace": f"student-{user.pk}", "expires": timezone.now()}
    )
    Attempt.objects.filter(sandbox=sandbox).update(current=False)
    values = {"content_hash": "now", "worth": 2, "points": points, **fields}
    return Attempt.objects.create(student=user, sandbox=sandbox, exercise=exercise_id, **values)


def hand_in(attempt: Attempt, text: str = "kind: Pod\n", **fields: object) -> Submission:
    return Submission.objects.create(attempt=attempt, text=text, **{"phase": "decided", **fields})
