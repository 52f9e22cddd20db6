from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from k8slab.accounts import actions
from k8slab.accounts.models import User
from tests.people import PASSWORD, client_of, guest, mina, person

pytestmark = pytest.mark.django_db
FORM = {"username": "Jisoo", "password": PASSWORD, "again": PASSWORD}


def test_it_works(client: Client) -> None:
    client.post(reverse("guest"))
    before = User.objects.get()
    response = client.post(reverse("join"), {**FORM, "next": "/learn/pods/"})
    assert response.headers["Location"] == "/learn/pods/"
    after = User.objects.get()
    assert (after.pk, after.username, after.role) == (before.pk, "Jisoo", "student")
    assert after.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(after.pk)


def test_a_guest_gets_a_new_session_key_and_keeps_the_session(client: Client) -> None:
    client.post(reverse("guest"))
    key = client.session.session_key
    client.post(reverse("join"), FORM)
    assert client.session.session_key != key
    assert client.get(reverse("join")).status_code == 302  # still logged in, as a student


def test_somebody_new_joins_without_having_been_a_guest(client: Client) -> None:
    client.post(reverse("join"), FORM, headers={"accept-language": "ko"})
    user = User.objects.get()
    assert (user.username, user.role, user.language) == ("Jisoo", "student", "ko")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_korean_name_is_a_name(client: Client) -> None:
    client.post(reverse("join"), {**FORM, "username": "김지수"})
    assert User.objects.get().username == "김지수"


def test_a_student_has_an_account_already() -> None:
    response = client_of(mina()).post(reverse("join"), FORM)
    assert response.status_code == 302
    assert User.objects.get().username == "mina"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"username": "MINA"}, "taken"),
        ({"username": "guest-2345678"}, "kept for guests"),
        ({"username": "a b"}, "valid username"),
        ({"username": ""}, "required"),
        ({"username": "x" * 41}, "at most 40"),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "password1", "again": "password1"}, "too common"),
        ({"username": "jisoo.kim", "password": "jisoo.kim1", "again": "jisoo.kim1"}, "similar"),
        ({"again": "something else"}, "not the same"),
    ],
)
def test_what_is_refused(client: Client, change: dict[str, str], says: str) -> None:
    mina()
    response = client.post(reverse("join"), {**FORM, **change})
    assert response.status_code == 200
    assert says in response.content.decode()
    assert User.objects.count() == 1


def test_a_name_taken_in_the_meantime_is_refused_by_the_database() -> None:
    mina()
    with pytest.raises(actions.NameTaken):
        actions.join(guest(), "Mina", PASSWORD, "en")
    assert User.objects.filter(role=User.Role.GUEST).count() == 1


def test_a_second_window_cannot_rename_the_account() -> None:
    user = guest()
    stale = User.objects.get(pk=user.pk)
    actions.join(user, "jisoo", PASSWORD, "en")
    with pytest.raises(actions.NotAGuest):
        actions.join(stale, "somebody", PASSWORD, "en")
    assert User.objects.get().username == "jisoo"


def test_the_page_tells_a_guest_that_the_work_stays() -> None:
    assert "stays yours" in client_of(guest()).get(reverse("join")).content.decode()
    assert "stays yours" not in Client().get(reverse("join")).content.decode()


def test_too_many_from_one_place(client: Client) -> None:
    for number in range(20):
        client.post(reverse("join"), {"username": f"n{number}"})
    assert client.post(reverse("join"), FORM).status_code == 429


def test_names_differ_by_more_than_case() -> None:
    person("Mina")
    assert not User.objects.filter(username="mina").exists()
    assert User.objects.filter(username__iexact="mina").exists()
