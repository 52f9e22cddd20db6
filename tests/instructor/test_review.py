from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from k8slab.catalog.course import Course
from tests.people import PASSWORD, client_of, guest, mina, tae

from .conftest import attempt_of, hand_in

pytestmark = pytest.mark.django_db

FAILED = {
    "results": [
        {
            "id": "runs",
            "verdict": "fail",
            "points": 0,
            "messages": [],
            "differences": [{"path": "spec.replicas", "expected": 3, "actual": None, "object": "Deployment/web"}],
            "explanations": [
                {"source": "event", "object": "Pod/web", "reason": "BackOff", "message": "no <image>", "count": 4}
            ],
            "hint": None,
            "resource_version": "9",
            "decided_at": 1.0,
        }
    ],
    "points": 0,
}
PROBLEM = {"code": "yaml-syntax", "line": 2, "column": 1, "params": {}, "detail": "found character that cannot start"}


def test_it_works(course: Course) -> None:
    learner = mina()
    submission = hand_in(attempt_of(learner, points=1, report=FAILED))
    page = client_of(tae()).get(reverse("teach_student", args=[learner.pk])).content.decode()
    assert "First" in page
    assert "1 of 2 points" in page
    assert "spec.replicas" in page
    assert reverse("teach_submission", args=[submission.pk]) in page


def test_a_submission_shows_text_and_checks_as_they_were_then(course: Course) -> None:
    submission = hand_in(attempt_of(mina()), text="kind: Pod\n# <script>\n", report=FAILED)
    page = client_of(tae()).get(reverse("teach_submission", args=[submission.pk])).content.decode()
    assert "# &lt;script&gt;" in page
    assert "The pod runs" in page
    assert "spec.replicas" in page
    assert "no &lt;image&gt; ×4" in page


def test_a_problem_stands_at_its_line(course: Course) -> None:
    text = "kind: Pod\n\tx\n"
    submission = hand_in(attempt_of(mina()), text=text, problems=[PROBLEM, {**PROBLEM, "line": 0, "detail": "whole"}])
    response = client_of(tae()).get(reverse("teach_submission", args=[submission.pk]))
    lines = response.context["lines"]
    assert [len(line.problems) for line in lines] == [0, 1]
    assert [problem["detail"] for problem in response.context["problems"]] == ["whole"]
    assert "found character that cannot start" in response.content.decode()


def test_a_huge_text_is_cut_and_can_be_downloaded(course: Course) -> None:
    submission = hand_in(attempt_of(mina()), text="a: 1\n" * 2001)
    client = client_of(tae())
    page = client.get(reverse("teach_submission", args=[submission.pk])).content.decode()
    assert "1 more line is in the download" in page
    download = client.get(reverse("teach_text", args=[submission.pk]))
    assert download.content.decode() == submission.text
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert download.headers["Content-Type"].startswith("text/plain")


def test_an_exercise_that_left_the_course_can_still_be_read(course: Course) -> None:
    learner = mina()
    submission = hand_in(attempt_of(learner, "gone", report=FAILED), report=FAILED)
    client = client_of(tae())
    for address in (reverse("teach_student", args=[learner.pk]), reverse("teach_submission", args=[submission.pk])):
        assert "no longer in the course" in client.get(address).content.decode()


def test_a_changed_exercise_is_told(course: Course) -> None:
    learner = mina()
    attempt_of(learner, content_hash="then")
    page = client_of(tae()).get(reverse("teach_student", args=[learner.pk])).content.decode()
    assert "has been changed since" in page


def test_only_the_latest_submissions_are_listed(course: Course) -> None:
    learner = mina()
    attempt = attempt_of(learner)
    for _ in range(21):
        hand_in(attempt)
    page = client_of(tae()).get(reverse("teach_student", args=[learner.pk])).content.decode()
    assert "The latest 20 of 21" in page


def test_a_page_of_many_attempts_takes_few_queries(
    course: Course, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    learner = mina()
    for exercise in ("first", "second", "gone"):
        hand_in(attempt_of(learner, exercise, report=FAILED))
    client = client_of(tae())
    with django_assert_max_num_queries(5):  # session, instructor, student, attempts, submissions
        client.get(reverse("teach_student", args=[learner.pk]))


def test_there_is_no_page_for_who_is_not_there(course: Course) -> None:
    teacher = tae()
    client = client_of(teacher)
    assert client.get(reverse("teach_student", args=[teacher.pk])).status_code == 404  # an instructor is no student
    assert client.get(reverse("teach_submission", args=[uuid.uuid4()])).status_code == 404


def test_a_new_password_is_shown_once_and_works(course: Course) -> None:
    learner = mina()
    logged_in = client_of(learner)
    client = client_of(tae())
    response = client.post(reverse("teach_password", args=[learner.pk]))
    password = response.context["new_password"]
    learner.refresh_from_db()
    assert learner.check_password(password)
    assert password in response.content.decode()
    assert password not in client.get(reverse("teach_student", args=[learner.pk])).content.decode()
    assert logged_in.get(reverse("account_change_password")).status_code == 302  # logged out


def test_guests_and_instructors_get_no_password_from_here(course: Course) -> None:
    teacher = tae()
    for person in (teacher, guest()):
        assert client_of(teacher).post(reverse("teach_password", args=[person.pk])).status_code == 404


def test_a_student_gives_nobody_a_password(course: Course) -> None:
    learner = mina()
    assert client_of(learner).post(reverse("teach_password", args=[learner.pk])).status_code == 403
    learner.refresh_from_db()
    assert learner.check_password(PASSWORD)
