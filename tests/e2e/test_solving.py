"""A student solves, errs, and is told why: through web, worker, watcher, redis and the embedded cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .student import Student

pytestmark = pytest.mark.e2e

DEPLOYMENT, THREE = "deployment", "three-ready"
SERVICE, SELECTOR = "service", "wrong-selector"


def text(lessons: Path, exercise: str, file: str = "solution.yaml") -> str:
    (found,) = lessons.glob(f"*/*/exercises/{exercise}/{file}")
    return found.read_text(encoding="utf-8")


def check(attempt: dict[str, Any], id: str) -> dict[str, Any]:
    (found,) = (check for check in attempt["checks"] if check["id"] == id)
    return found


def test_a_guest_solves_an_exercise_and_sees_every_phase(student: Student, lessons: Path) -> None:
    student.open(DEPLOYMENT, THREE)
    with student.page() as page:
        page.until(lambda message: message["type"] == "sandbox")
        student.act(THREE, "start")
        submission = student.submit(THREE, text(lessons, THREE))
        attempt = page.ended(submission)
        seen = [m["submission"]["phase"] for m in page.heard if m["type"] == "attempt" and "submission" in m]
    assert attempt["state"] == "solved"
    assert {check["verdict"] for check in attempt["checks"]} == {"pass"}
    assert attempt["points"] == attempt["worth"] == 3
    assert seen.index("queued") < seen.index("applying") < seen.index("decided")
    (outcome,) = attempt["submission"]["outcomes"]
    assert (outcome["kind"], outcome["name"], outcome["action"]) == ("Deployment", "dp", "created")


def test_the_page_sees_the_pods_start(student: Student, lessons: Path) -> None:
    student.open(DEPLOYMENT, THREE)
    with student.page() as page:
        snapshot = page.until(lambda message: message["type"] == "snapshot")
        student.act(THREE, "start")
        page.ended(student.submit(THREE, text(lessons, THREE)))
        page.socket.send('{"type": "resync"}')
        after = page.until(lambda message: message["type"] == "snapshot")
        changes = [m for m in page.heard if m["type"] in ("change", "event") and m["version"] > snapshot["version"]]
    assert [c["version"] for c in changes] == list(range(snapshot["version"] + 1, after["version"] + 1))
    assert {c["epoch"] for c in changes} == {snapshot["epoch"]}
    ready = [item for item in after["items"] if item["kind"] == "Pod" and item["state"] == "ready"]
    assert len(ready) == 3


def test_a_wrong_selector_is_explained(student: Student, lessons: Path) -> None:
    student.open(SERVICE, SELECTOR)
    with student.page() as page:
        student.act(SELECTOR, "start")
        wrong = page.ended(student.submit(SELECTOR, text(lessons, SELECTOR, "start.yaml")), patience=60)
        told = check(wrong, "endpoints")
        assert told["verdict"] == "fail"
        assert any("app=" in message for message in told["messages"]), told
        assert check(wrong, "answers")["verdict"] == "fail"
        right = page.ended(student.submit(SELECTOR, text(lessons, SELECTOR)))
    assert right["state"] == "solved"


def test_what_cannot_be_applied_is_told_with_its_line(student: Student) -> None:
    student.open(DEPLOYMENT, THREE)
    with student.page() as page:
        student.act(THREE, "start")
        old = "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: dp}\nspec: {replicas: 3}\n"
        ended = page.ended(student.submit(THREE, old))
    (outcome,) = ended["submission"]["outcomes"]
    (problem,) = outcome["problems"]
    assert (problem["code"], problem["line"]) == ("old-api-version", 1)
    assert "apps/v1" in problem["message"]


def test_another_exercise_sets_the_first_aside_and_empties_the_namespace(student: Student, lessons: Path) -> None:
    student.solve(DEPLOYMENT, THREE, text(lessons, THREE))
    student.open(SERVICE, SELECTOR)
    with student.page() as page:
        student.act(SELECTOR, "start")
        page.ended(student.submit(SELECTOR, text(lessons, SELECTOR)), patience=60)
        page.socket.send('{"type": "resync"}')
        snapshot = page.until(lambda m: m["type"] == "snapshot" and any(i["kind"] == "Service" for i in m["items"]))
    assert "dp" not in {item["name"] for item in snapshot["items"] if item["kind"] == "Deployment"}
    first = student.state(THREE)
    assert (first["state"], first["points"]) == ("solved", 3)
