"""An exercise that needs more than a namespace gets it, and the next one does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from k8slab.attempts import actions, preparing, tasks
from k8slab.attempts.models import Attempt
from k8slab.catalog import shelf
from k8slab.catalog.course import Course, Exercise
from k8slab.sandbox import equipment
from k8slab.sandbox.cluster import app_client, student_client
from tests.parity.waiting import eventually
from tests.people import mina

pytestmark = pytest.mark.django_db


@pytest.fixture
def exercises(emulator: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> tuple[Exercise, Exercise]:
    """One with two nodes of its own, then one that needs nothing."""
    settings.KUBECONFIG = str(emulator)
    course = shelf.current()
    lesson = course.lesson("pods")
    assert lesson is not None
    setup = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: '${namespace}-pv'}\nspec:\n"
    setup += "  capacity: {storage: 1Gi}\n  accessModes: [ReadWriteOnce]\n  hostPath: {path: /data}\n"
    plain = lesson.exercises[0]
    special = replace(plain, id="special", needs=("private-nodes", "host-path"), nodes=2, setup=setup, vars={})
    changed = replace(lesson, exercises=(special, plain))
    track = replace(course.tracks[0], lessons=(changed,))
    served = Course(course.title, (track,))
    monkeypatch.setattr(shelf, "current", lambda: served)
    return special, plain


def prepared(exercise: Exercise, attempt: Attempt) -> Attempt:
    assert preparing.prepare(str(attempt.pk)) is None
    attempt.refresh_from_db()
    assert attempt.prepared is not None
    return attempt


def test_nodes_and_volumes_come_and_go_with_the_exercise(exercises: tuple[Exercise, Exercise], client: Browser) -> None:
    special, plain = exercises
    learner = mina()
    attempt = prepared(special, actions.open_attempt(learner, special))
    home = attempt.sandbox.namespace
    assert attempt.vars["namespace"] == home
    nodes = equipment.own_nodes(app_client(), home)
    assert [node["name"] for node in nodes] == [f"{home}-node-1", f"{home}-node-2"]
    assert app_client().get("v1", "PersistentVolume", f"{home}-pv")
    client.force_login(learner)
    switched = client.post("/api/exercises/special/node", {"name": f"{home}-node-2"})
    assert (switched.status_code, switched.json()["on"]) == (200, False)
    assert client.post("/api/exercises/special/node", {"name": "node-1"}).status_code == 404
    prepared(plain, actions.open_attempt(learner, plain))
    assert equipment.own_nodes(app_client(), home) == []
    assert app_client().find("v1", "PersistentVolume", f"{home}-pv") is None


def test_a_namespace_that_a_student_makes_is_adopted(exercises: tuple[Exercise, Exercise]) -> None:
    attempt = prepared(exercises[1], actions.open_attempt(mina(), exercises[1]))
    name = f"{attempt.sandbox.namespace}-team"
    student = student_client(attempt.sandbox)
    student.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    tasks.adopt(name)
    eventually(lambda: student.list("v1", "Pod", name)["items"] == [])
