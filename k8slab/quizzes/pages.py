"""A quiz as its card shows it: in one language, in the student's own order, with as much as may be known by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from k8slab.accounts.models import User
from k8slab.catalog.course import Answer, Quiz
from k8slab.catalog.quizzes import GAP
from k8slab.catalog.render import render_text
from k8slab.grading.spec import Text

from .marking import mark
from .models import QuizAnswer
from .shuffling import shown_order, token

Answers = Mapping[str, QuizAnswer]  # by quiz id
NOBODY = 0  # the order that a reader sees who is not logged in


def answers_of(user: User | AnonymousUser, quizzes: Iterable[Quiz]) -> Answers:
    """What the student has answered; answers to a quiz that has changed since do not count."""
    if not isinstance(user, User):
        return {}
    hashes = {quiz.id: quiz.hash for quiz in quizzes}
    found = QuizAnswer.objects.filter(student=user, quiz__in=hashes)
    return {answer.quiz: answer for answer in found if answer.content_hash == hashes[answer.quiz]}


def card(quiz: Quiz, answer: QuizAnswer | None, student: int, language: str) -> dict[str, Any]:
    """Context of `quizzes/_quiz.html`."""
    return {
        "id": quiz.id,
        "kind": quiz.kind,
        "several": quiz.several,
        "title": _in(quiz.title, language),
        "question_html": render_text(_in(quiz.question, language), language),
        "url": reverse("quiz", args=[quiz.id]),
        "worth": quiz.worth,
        "points": answer.points if answer else 0,
        "solved": answer is not None and answer.solved_at is not None,
        "tried": answer is not None and answer.tries > 0,
        **_PARTS[quiz.kind](quiz, answer, student, language),
    }


def _in(text: Text, language: str) -> str:
    return str(getattr(text, language, text.en))


def _part(quiz: Quiz, answer: QuizAnswer | None, number: int, language: str) -> dict[str, Any]:
    """One answer with its mark. The reason is told for what the student has committed to, and for all once solved."""
    each = quiz.answers[number]
    part: dict[str, Any] = {"text": _in(each.text, language), "mark": "", "because": ""}
    if answer is None or not answer.tries:
        return part
    chosen = quiz.kind == "choice" and str(number) in answer.given
    if answer.solved_at or chosen:
        part["because"] = _in(each.because, language)
    if answer.solved_at or chosen or quiz.kind != "choice":
        part["mark"] = "right" if mark(quiz, answer.given).parts[number] else "wrong"
    return part


def _choices(quiz: Quiz, answer: QuizAnswer | None, student: int, language: str) -> dict[str, Any]:
    given = answer.given if answer else []
    parts = [
        {
            **_part(quiz, answer, number, language),
            "token": token(quiz, student, number),
            "chosen": str(number) in given,
        }
        for number in shown_order(quiz, student)
    ]
    return {"parts": parts}


def _items(quiz: Quiz, answer: QuizAnswer | None, student: int, language: str) -> dict[str, Any]:
    """As the student left them, or shuffled. A mark belongs to the place: is this the one that comes here?"""
    given = [int(number) for number in answer.given if number] if answer else []
    order = given if sorted(given) == list(range(len(quiz.answers))) else list(shown_order(quiz, student))
    marked = bool(answer and answer.tries)
    parts = [
        {
            "text": _in(quiz.answers[number].text, language),
            "token": token(quiz, student, number),
            "place": place,
            "mark": ("right" if number == place - 1 else "wrong") if marked else "",
            "because": _in(quiz.answers[number].because, language) if answer and answer.solved_at else "",
        }
        for place, number in enumerate(order, 1)
    ]
    return {"parts": parts, "places": range(1, len(parts) + 1)}


def _pairs(quiz: Quiz, answer: QuizAnswer | None, student: int, language: str) -> dict[str, Any]:
    given = answer.given if answer else []
    partners = [(number, quiz.answers[number]) for number in shown_order(quiz, student)]
    parts = [
        {
            **_part(quiz, answer, number, language),
            "options": [
                {
                    "token": token(quiz, student, other),
                    "text": _partner(each, language),
                    "chosen": given[number : number + 1] == [str(other)],
                }
                for other, each in partners
            ],
        }
        for number in range(len(quiz.answers))
    ]
    return {"parts": parts}


def _partner(answer: Answer, language: str) -> str:
    return _in(answer.partner, language) if answer.partner else ""


def _gaps(quiz: Quiz, answer: QuizAnswer | None, student: int, language: str) -> dict[str, Any]:
    """The sentence in pieces: text, then a gap, then text, …"""
    given = answer.given if answer else []
    by_name = {each.text.en: number for number, each in enumerate(quiz.answers)}
    pieces = GAP.split(_in(quiz.sentence, language))
    parts: list[dict[str, Any]] = []
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            parts.append({"words": piece})
            continue
        number = by_name[piece]
        said = given[number] if number < len(given) else ""
        parts.append({**_part(quiz, answer, number, language), "gap": number, "said": said})
    return {"parts": parts}


_PARTS = {"choice": _choices, "order": _items, "match": _pairs, "fill": _gaps}
