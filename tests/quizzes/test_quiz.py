"""Answering: marked on the server, explained, nothing given away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.http import QueryDict
from django.test import Client

from k8slab.accounts.models import User
from k8slab.catalog import shelf
from k8slab.catalog.course import Answer, Course, Quiz, Track
from k8slab.grading.spec import Text
from k8slab.quizzes import actions, forms, pages
from k8slab.quizzes.marking import mark
from k8slab.quizzes.models import QuizAnswer
from k8slab.quizzes.shuffling import shown_order, token
from tests.people import mina


def text(words: str) -> Text:
    return Text(words, words)


def quiz(kind: str, *answers: Answer, sentence: str = "") -> Quiz:
    return Quiz("q", "pods", kind, text("T"), text("Q"), text(sentence), answers, 2, "hash")


CHOICE = quiz("choice", Answer(text("A"), text("because A")), Answer(text("B"), text("because B"), right=False))
SEVERAL = quiz("choice", *CHOICE.answers, Answer(text("C"), text("because C")))
ORDER = quiz("order", *(Answer(text(word), text(f"because {word}")) for word in ("first", "second", "third")))
MATCH = quiz("match", *(Answer(text(word), text("why"), partner=text(word.upper())) for word in ("a", "b")))
FILL = quiz("fill", Answer(text("port"), text("why"), accept=("80", "eighty")), sentence="Port {port}.")


@pytest.mark.parametrize(
    ("asked", "given", "right"),
    [
        (CHOICE, ["0"], True),
        (CHOICE, ["1"], False),
        (CHOICE, ["0", "1"], False),
        (SEVERAL, ["0", "2"], True),
        (SEVERAL, ["0"], False),
        (ORDER, ["0", "1", "2"], True),
        (ORDER, ["1", "0", "2"], False),
        (MATCH, ["0", "1"], True),
        (MATCH, ["1", "1"], False),
        (FILL, ["  Eighty "], True),
        (FILL, ["８０"], True),
        (FILL, ["81"], False),
        (FILL, [], False),
    ],
)
def test_marking(asked: Quiz, given: list[str], right: bool) -> None:
    assert mark(asked, given).right is right


@pytest.mark.parametrize("student", range(20))
def test_an_order_is_never_shown_solved(student: int) -> None:
    assert list(shown_order(ORDER, student)) != [0, 1, 2]
    assert sorted(shown_order(ORDER, student)) == [0, 1, 2]


def form(**fields: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(fields)
    return data


def test_an_order_with_one_place_twice_is_no_answer() -> None:
    tokens = [token(ORDER, 1, number) for number in range(3)]
    places = {f"place-{each}": str(place) for each, place in zip(tokens, (3, 1, 2), strict=True)}
    assert forms.given(ORDER, 1, form(**places)) == ["1", "2", "0"]
    with pytest.raises(ValueError, match="not answered"):
        forms.given(ORDER, 1, form(**{**places, f"place-{tokens[0]}": "1"}))


def test_before_an_answer_nothing_is_given_away() -> None:
    for asked in (CHOICE, SEVERAL, ORDER, MATCH, FILL):
        shown = repr(pages.card(asked, None, 7, "en"))
        assert "because A" not in shown
        assert "why" not in shown
        assert "eighty" not in shown


@pytest.mark.django_db
def test_a_wrong_try_explains_only_what_was_chosen(learner: User) -> None:
    kept = actions.answer(learner, SEVERAL, ["1"])
    card = pages.card(SEVERAL, kept, learner.pk, "en")
    assert {part["text"]: part["because"] for part in card["parts"]} == {"A": "", "B": "because B", "C": ""}
    assert (kept.points, kept.tries, card["solved"]) == (0, 1, False)


@pytest.mark.django_db
def test_what_is_solved_stays_solved_and_is_explained(learner: User) -> None:
    actions.answer(learner, CHOICE, ["1"])
    kept = actions.answer(learner, CHOICE, ["0"])
    assert (kept.points, kept.tries) == (2, 2)
    kept = actions.answer(learner, CHOICE, ["1"])
    assert (kept.points, kept.right, kept.tries) == (2, True, 2)
    card = pages.card(CHOICE, kept, learner.pk, "en")
    assert {part["because"] for part in card["parts"]} == {"because A", "because B"}


@pytest.mark.django_db
def test_a_changed_quiz_is_asked_anew(learner: User) -> None:
    actions.answer(learner, CHOICE, ["0"])
    changed = replace(CHOICE, hash="other")
    assert pages.answers_of(learner, [changed]) == {}
    assert actions.answer(learner, changed, ["1"]).points == 0


@pytest.fixture
def learner(db: None) -> User:
    return mina()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Quiz:
    lesson = replace(shelf.current().lessons()[0], quizzes=(CHOICE,), id="pods")
    course = Course(text("C"), (Track("t", text("T"), (lesson,)),))
    monkeypatch.setattr(shelf, "current", lambda: course)
    return CHOICE


@pytest.mark.django_db
def test_a_form_leads_back_and_a_script_gets_the_card(client: Client, learner: User, served: Quiz) -> None:
    client.force_login(learner)
    wrong = {"answer": token(served, learner.pk, 1)}
    response = client.post("/quiz/q/", wrong)
    assert (response.status_code, response["Location"]) == (302, "/learn/pods/#quiz-q")
    page = client.post("/quiz/q/", wrong, headers={"X-Fragment": "1"}).content.decode()
    assert "because B" in page
    assert "because A" not in page
    assert client.post("/quiz/q/", {}, headers={"X-Fragment": "1"}).status_code == 422
    assert client.post("/quiz/nope/", wrong).status_code == 404


@pytest.mark.django_db
def test_a_stranger_is_sent_to_the_login(client: Client, served: Quiz) -> None:
    assert "/account/login" in client.post("/quiz/q/", {"answer": "x"})["Location"]
    assert QuizAnswer.objects.count() == 0
