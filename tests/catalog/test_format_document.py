"""docs/lesson-format.md names every key there is, and its worked example is a lesson without problems."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from k8slab.catalog import schema
from k8slab.catalog.loader import load
from k8slab.grading.parse import parse_checks
from tests.catalog.small_course import put

DOCUMENT = (settings.BASE_DIR / "docs" / "lesson-format.md").read_text(encoding="utf-8")
EXERCISE = "10-basics/10-pods/exercises/two-caches"


def known_keys() -> set[str]:
    """What the reader of checks knows: it lists its keys when it meets one that it does not know."""
    odd = {"odd": 1}
    checks = [
        {
            **odd,
            "object": odd,
            "disturb": {**odd, "delete": odd},
            "hints": [{**odd, "when": odd}],
            "probe": {**odd, kind: target, "expect": odd},
        }
        for kind, target in (("http", "http://web/"), ("dns", "web"), ("exec", "true"))
    ]
    told: list[str] = []
    parse_checks(checks, lambda path, message: told.append(message))
    return {key for message in told if "known are" in message for key in message.split("known are ")[1].split(", ")}


def test_the_readers_keys_were_found() -> None:
    assert {"settled", "apiVersion", "count", "contains", "bodyContains", "clusterIPOf", "exitCode"} <= known_keys()


@pytest.mark.parametrize(
    "shape",
    [schema.COURSE, schema.TRACK, schema.LESSON, schema.EXERCISE, schema.QUIZ, schema.DIAGRAM],
    ids=["course", "track", "lesson", "exercise", "quiz", "diagram"],
)
def test_every_key_of_a_file_is_described(shape: schema.Shape) -> None:
    assert [key for key in shape.keys if not re.search(rf"^\| `{key}` \|", DOCUMENT, re.M)] == []


def test_every_key_of_a_check_is_described() -> None:
    assert [key for key in sorted(known_keys()) if f"`{key}" not in DOCUMENT and f" {key}:" not in DOCUMENT] == []


@pytest.mark.parametrize(
    "word",
    [
        *schema.LESSON_FILES,
        *schema.EXERCISE_FILES,
        *(f"::: {name}" for name in schema.DIRECTIVES + schema.CONTAINERS),
        *(f"`{name}`" for name in schema.CAPABILITIES),
    ],
)
def test_every_file_line_and_capability_is_described(word: str) -> None:
    assert word in DOCUMENT


def test_the_worked_example_is_a_lesson_without_problems(root: Path) -> None:
    example = DOCUMENT.split("## A worked example")[1]
    files = re.findall(r"^`([\w./-]+)`:\n\n```yaml\n(.*?)```$", example, re.M | re.S)
    assert [name for name, _ in files][:3] == ["exercise.yaml", "start.yaml", "solution.yaml"]
    for name, text in files:
        put(root, f"{EXERCISE}/{name}", text)
    for language in ("en", "ko"):
        body = root / f"10-basics/10-pods/{language}.md"
        put(root, f"10-basics/10-pods/{language}.md", body.read_text(encoding="utf-8") + "\n::: exercise two-caches\n")
    course = load(root)
    assert course.problems == ()
    exercise = course.exercise("two-caches")
    assert exercise is not None
    assert {wrong.fails for wrong in exercise.wrong} == {"wanted", "heals"}
