"""Quizzes from their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from k8slab.catalog.course import Quiz
from k8slab.catalog.loader import load
from tests.catalog.small_course import put

LESSON = "10-basics/10-pods"
HEAD = "title: {en: T, ko: 제목}\nquestion: {en: Q?, ko: 질문?}\n"
T = "{en: a, ko: 가}"
U = "{en: b, ko: 나}"
CHOICE = (
    f"kind: choice\n{HEAD}answers:\n  - {{text: {T}, right: true, because: {T}}}\n  - {{text: {U}, because: {U}}}\n"
)
ORDER = f"kind: order\n{HEAD}items:\n  - {{text: {T}, because: {T}}}\n  - {{text: {U}, because: {U}}}\n"
MATCH = (
    f"kind: match\n{HEAD}pairs:\n"
    f"  - {{left: {T}, right: {T}, because: {T}}}\n  - {{left: {U}, right: {U}, because: {U}}}\n"
)
FILL = (
    f"kind: fill\n{HEAD}sentence: {{en: 'A {{one}} and {{two}}', ko: '{{two}} 그리고 {{one}}'}}\n"
    f"blanks:\n  one: {{accept: [x], because: {T}}}\n  two: {{accept: [y, z], because: {U}}}\n"
)


def with_quiz(root: Path, text: str) -> tuple[Quiz | None, list[str]]:
    put(root, f"{LESSON}/quizzes/q.yaml", text)
    for language in ("en", "ko"):
        body = root / f"{LESSON}/{language}.md"
        put(root, f"{LESSON}/{language}.md", body.read_text(encoding="utf-8") + "\n::: quiz q\n")
    course = load(root)
    return course.quiz("q"), [problem.message for problem in course.problems]


@pytest.mark.parametrize("text", [CHOICE, ORDER, MATCH, FILL], ids=["choice", "order", "match", "fill"])
def test_it_works(root: Path, text: str) -> None:
    quiz, problems = with_quiz(root, text)
    assert problems == []
    assert quiz is not None
    assert (quiz.lesson, quiz.worth, len(quiz.answers)) == ("pods", 1, 2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (CHOICE.replace("choice", "guess"), "unknown kind 'guess'; there are: choice, order, match, fill"),
        (CHOICE.replace(", right: true", ""), "none of them is right"),
        (CHOICE.replace(f"text: {U}", f"text: {U}, right: true"), "none of them is wrong"),
        (CHOICE.replace("right: true", "right: yes"), "must be true or false"),
        (CHOICE.replace("kind: choice", "kind: order"), "a quiz of kind 'order' needs 'items'"),
        (CHOICE + "points: 99\n", "must be a whole number from 1 to 20, not a number"),
        (
            MATCH.replace(f"right: {U}", f"right: {T}"),
            "the same text stands twice on one side: its partner would be a guess",
        ),
        (FILL.replace("{two} 그리고", "그리고"), "the gaps of ko must be those of blanks, once each: one, two"),
        (FILL.replace("accept: [x]", "accept: []"), "needs at least one accepted answer"),
    ],
)
def test_what_cannot_be_meant_so_is_told(root: Path, text: str, told: str) -> None:
    assert told in with_quiz(root, text)[1]


def test_a_quiz_without_a_line_is_told(root: Path) -> None:
    put(root, f"{LESSON}/quizzes/q.yaml", CHOICE)
    assert {problem.message for problem in load(root).problems} == {"the quiz 'q' has no '::: quiz q' line"}
