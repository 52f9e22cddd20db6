"""In which order a student sees the answers: another for each, the same at each visit, never the right one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from k8slab.catalog.course import Quiz


def shown_order(quiz: Quiz, student: int) -> tuple[int, ...]:
    """Numbers of the quiz's answers in the order in which they are shown."""
    order = sorted(range(len(quiz.answers)), key=lambda number: _key(quiz, student, number))
    if quiz.kind == "order" and order == sorted(order):
        order = [*order[1:], order[0]]  # the task must not be done already
    return tuple(order)


def token(quiz: Quiz, student: int, number: int) -> str:
    """What stands for an answer in the page: its number would tell the right order."""
    return _key(quiz, student, number)[:12]


def numbers(quiz: Quiz, student: int, tokens: Sequence[str]) -> list[str]:
    """Tokens back to numbers as texts; "" for one that means nothing."""
    by_token = {token(quiz, student, number): str(number) for number in range(len(quiz.answers))}
    return [by_token.get(each, "") for each in tokens]


def _key(quiz: Quiz, student: int, number: int) -> str:
    return hashlib.sha256(f"{quiz.hash}/{student}/{number}".encode()).hexdigest()
