"""What the workbench asks for, beside handing in: drafts, hints, time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from k8slab.attempts import actions, reports
from k8slab.attempts.models import Attempt
from k8slab.grading.report import Report, Result
from k8slab.grading.spec import Text
from k8slab.live import publish
from k8slab.sandbox.models import Sandbox
from tests import people

from .conftest import exercise

URL = "/api/exercises/three-ready/"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the student's pages are told."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(publish, "to_page", lambda namespace, message: messages.append(message))
    return messages


@pytest.fixture
def mina(client: Client, attempt: Attempt) -> Client:
    client.force_login(attempt.student)
    return client


def put(client: Client, files: object, **more: object) -> Any:
    return client.put(f"{URL}draft", {"files": files, **more}, content_type="application/json")


def test_it_works(mina: Client) -> None:
    assert put(mina, {"answer.yaml": "mine"}).json() == {"version": 1}
    assert mina.get(f"{URL}draft").json() == {"version": 1, "files": {"answer.yaml": "mine"}}


def test_the_other_tab_is_told(
    mina: Client, told: list[dict[str, Any]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        put(mina, {"answer.yaml": "mine"}, tab="left")
        put(mina, {"answer.yaml": "mine"}, tab="right")  # nothing new
    assert told == [{"type": "draft", "exercise": "three-ready", "version": 1, "tab": "left"}]


def test_a_file_that_the_student_made_is_kept_beside_the_others(mina: Client) -> None:
    put(mina, {"notes.yaml": "a: b"})
    assert list(mina.get(f"{URL}draft").json()["files"]) == ["answer.yaml", "notes.yaml"]


@pytest.mark.parametrize("files", [None, [], "text", {"a": 1}, {"answer.yaml": None}])
def test_what_are_no_files_is_refused(mina: Client, files: object) -> None:
    assert put(mina, files).status_code == 400


def test_what_no_database_keeps_is_replaced(mina: Client) -> None:
    put(mina, {"answer.yaml": "a\0b\ud800"})
    assert mina.get(f"{URL}draft").json()["files"]["answer.yaml"] == "a\ufffdb\ufffd"


def test_a_draft_that_is_too_long_is_refused_and_the_former_stays(mina: Client) -> None:
    put(mina, {"answer.yaml": "mine"})
    assert put(mina, {"answer.yaml": "x" * 1_100_000}).status_code == 413
    assert mina.get(f"{URL}draft").json()["files"] == {"answer.yaml": "mine"}


def test_a_stranger_sees_nobodys_drafts(client: Client, attempt: Attempt) -> None:
    assert client.get(f"{URL}draft").status_code == 401
    client.force_login(people.olaf())
    assert client.get(f"{URL}draft").status_code == 404


def test_there_is_no_last_submission_before_the_first(mina: Client, attempt: Attempt) -> None:
    assert mina.get(f"{URL}last").json() == {"files": None}
    actions.submit(attempt, "kind: Pod\n")
    assert mina.get(f"{URL}last").json() == {"files": {"answer.yaml": "kind: Pod\n"}}


# --- hints ----------------------------------------------------------------------------------------------------------
def failed(attempt: Attempt) -> str:
    """Every check fails and has a hint. Returns the first one's id."""
    checks = [check.id for check in exercise(attempt.exercise).checks]
    hint = Text("Look at the image.", "이미지를 보세요.")
    actions.submit(attempt, "kind: Pod\n")
    actions.record_report(attempt, Report(tuple(Result(check, "fail", 0, hint=hint) for check in checks)), {})
    return checks[0]


def test_a_hint_is_told_only_once_it_was_asked_for(mina: Client, attempt: Attempt) -> None:
    first = failed(attempt)
    before = mina.get(f"{URL}state").json()["checks"]
    assert [(check["hint"], check["offers_hint"]) for check in before] == [("", True)] * len(before)
    after = mina.post(f"{URL}hint", {"check": first}, content_type="application/json").json()["checks"]
    assert after[0]["hint"] == "Look at the image."
    assert not after[0]["offers_hint"]
    assert after[1]["hint"] == ""
    assert after[1]["offers_hint"]


def test_there_is_no_hint_for_what_is_no_check(mina: Client) -> None:
    for check in ("nothing", None, ["a"], {"a": 1}):
        answer = mina.post(f"{URL}hint", {"check": check}, content_type="application/json")
        assert answer.status_code == 400


def test_a_hint_costs_what_the_exercise_says_and_no_check_less_than_nothing() -> None:
    report = {"results": [{"id": "a", "points": 3}, {"id": "b", "points": 1}, {"id": "c", "points": 2}]}
    assert reports.earned(report, [], 2) == 6
    assert reports.earned(report, ["a", "b"], 0) == 6
    assert reports.earned(report, ["a", "b"], 2) == 1 + 0 + 2


# --- time -----------------------------------------------------------------------------------------------------------
def test_asking_for_more_time_begins_it_again(mina: Client, attempt: Attempt, told: list[dict[str, Any]]) -> None:
    soon = timezone.now() + timedelta(minutes=5)
    Sandbox.objects.filter(pk=attempt.sandbox_id).update(expires=soon)
    assert mina.post(f"{URL}extend").status_code == 200
    assert Sandbox.objects.get(pk=attempt.sandbox_id).expires > soon + timedelta(hours=3)
    assert told[-1]["type"] == "sandbox"
