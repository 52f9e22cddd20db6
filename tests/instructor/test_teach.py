from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from k8slab.accounts.models import User
from k8slab.catalog.course import Course
from k8slab.instructor import roster
from tests.people import client_of, guest, mina, olaf, person, tae

from .conftest import attempt_of, hand_in

pytestmark = pytest.mark.django_db


def test_it_works(course: Course) -> None:
    learner = mina()
    hand_in(attempt_of(learner, "first", points=2, state="solved"))
    page = client_of(tae()).get(reverse("teach")).content.decode()
    assert "mina" in page
    assert "2/5" in page
    assert "2/2" in page
    assert "solved" in page
    assert "not begun" in page
    assert "×1" in page


def test_totals_are_not_multiplied_by_each_other(course: Course) -> None:
    learner = mina()
    first, second = attempt_of(learner, "first", points=2, state="solved"), attempt_of(learner, "second", points=1)
    for attempt in (first, first, first, second):
        newest = hand_in(attempt)
    [row] = roster.rows(roster.people("students", "", "name"), course)
    assert (row.earned, row.solved, row.submissions, row.active) == (3, 1, 4, newest.submitted)
    assert [(cell.points, cell.submissions, cell.word) for cell in row.cells] == [
        (2, 3, "solved"),
        (1, 1, "working on it"),
    ]


def test_two_queries_for_any_number_of_people(
    course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        hand_in(attempt_of(person(f"student{number}")))
    with django_assert_num_queries(2):
        assert len(roster.rows(roster.people("students", "", "-points"), course)) == 5


def test_whoever_only_looked_is_listed(course: Course) -> None:
    mina()
    [row] = roster.rows(roster.people("students", "", "name"), course)
    assert (row.earned, row.submissions, row.active) == (0, 0, None)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["mina", "olaf", "zoe"]),
        ("-name", ["zoe", "olaf", "mina"]),
        ("-points", ["olaf", "mina", "zoe"]),
        ("points", ["zoe", "mina", "olaf"]),
        ("-active", ["mina", "olaf", "zoe"]),
        ("active", ["zoe", "olaf", "mina"]),
        ("password", ["mina", "olaf", "zoe"]),
    ],
)
def test_sorting(course: Course, sort: str, expected: list[str]) -> None:
    learner, stranger = mina(), olaf()
    person("zoe")
    hand_in(attempt_of(stranger, points=2))
    hand_in(attempt_of(learner, points=1))
    assert [user.username for user in roster.people("students", "", sort)] == expected


def test_searching_by_a_part_of_the_name(course: Course) -> None:
    mina(), olaf()
    page = client_of(tae()).get(reverse("teach"), {"q": "MIN"}).content.decode()
    assert "mina" in page
    assert "olaf" not in page


def test_a_search_without_a_hit_says_so(course: Course) -> None:
    mina()
    page = client_of(tae()).get(reverse("teach"), {"q": "<b>"}).content.decode()
    assert "Nobody here has a name with “&lt;b&gt;”" in page


def test_guests_are_a_group_of_their_own(course: Course) -> None:
    mina()
    visitor = guest()
    client = client_of(tae())
    assert visitor.username not in client.get(reverse("teach")).content.decode()
    guests = client.get(reverse("teach"), {"group": "guests"}).content.decode()
    assert visitor.username in guests
    assert "mina" not in guests


def test_many_people_come_in_pages(course: Course) -> None:
    User.objects.bulk_create(User(username=f"student{number:03}") for number in range(31))
    client = client_of(tae())
    first = client.get(reverse("teach"), {"sort": "-name"}).content.decode()
    assert "student030" in first
    assert "student000" not in first
    assert "sort=-name&amp;page=2" in first
    for page in ("2", "99", "x"):
        assert client.get(reverse("teach"), {"sort": "-name", "page": page}).status_code == 200


def test_problems_of_the_lesson_files_are_told(course: Course) -> None:
    client = client_of(tae())
    assert "1 problem in the lesson files" in client.get(reverse("teach")).content.decode()
    page = client.get(reverse("teach_lessons")).content.decode()
    assert "<code>10-pods/lesson.yaml</code>" in page
    assert "unknown key: titel" in page


def test_students_are_refused(course: Course) -> None:
    learner = mina()
    submission = hand_in(attempt_of(learner))
    for name, arguments in pages(learner, submission.pk):
        for user in (learner, guest()):
            assert client_of(user).get(reverse(name, args=arguments)).status_code == 403


def test_strangers_log_in_first(course: Course) -> None:
    learner = mina()
    submission = hand_in(attempt_of(learner))
    for name, arguments in pages(learner, submission.pk):
        response = Client().get(reverse(name, args=arguments))
        assert response.headers["Location"].startswith(reverse("account_login"))


def pages(learner: User, submission_id: object) -> list[tuple[str, list[object]]]:
    return [
        ("teach", []),
        ("teach_lessons", []),
        ("teach_student", [learner.pk]),
        ("teach_submission", [submission_id]),
        ("teach_text", [submission_id]),
    ]
