"""A lesson's page has its exercises, quizzes and diagrams where the prose puts them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.catalog.small_course import put, write_course
from tests.catalog.test_diagrams import SVG, WORDS
from tests.catalog.test_quizzes import CHOICE

LESSON = "10-basics/10-pods"


@pytest.fixture
def course(tmp_path: Path, settings: Settings) -> Path:
    root = write_course(tmp_path / "lessons")
    put(root, f"{LESSON}/quizzes/q.yaml", CHOICE)
    put(root, f"{LESSON}/diagrams/pic.yaml", WORDS)
    put(root, f"{LESSON}/diagrams/pic.svg", SVG)
    put(root, f"{LESSON}/diagrams/scene.yaml", WORDS.split("words:")[0])
    put(root, f"{LESSON}/diagrams/scene.json", '{"steps": []}')
    for language in ("en", "ko"):
        body = root / f"{LESSON}/{language}.md"
        lines = "\n::: diagram pic\n\n::: quiz q\n\n::: diagram scene\n"
        put(root, f"{LESSON}/{language}.md", body.read_text(encoding="utf-8") + lines)
    settings.LESSONS_DIR = root
    return root


@pytest.mark.django_db
def test_everything_stands_in_its_place(client: Client, course: Path) -> None:
    page = client.get("/learn/pods/", headers={"Accept-Language": "ko"}).content.decode()
    places = [page.index(part) for part in ("exercise-card", ">파드</text>", 'id="quiz-q"', "<cluster-scene")]
    assert places == sorted(places)
    assert 'href="https://kubernetes.io/docs/concepts/workloads/pods/"' in page
    assert client.get("/learn/pods/scenes/scene.json").json() == {"steps": []}
    assert client.get("/learn/pods/scenes/pic.json").status_code == 404
