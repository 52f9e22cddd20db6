from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from k8slab.accounts.models import User
from tests.people import PASSWORD, client_of, guest, mina, tae

pytestmark = pytest.mark.django_db

JOIN = {"username": "jisoo", "password": PASSWORD, "again": PASSWORD}
LOGIN = {"login": "mina", "password": PASSWORD}
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    r"\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "http://testserver@evil.example/",
    "\thttps://evil.example",
]


@pytest.mark.parametrize("place", ELSEWHERE)
@pytest.mark.parametrize(("name", "form"), [("guest", {}), ("join", JOIN), ("account_login", LOGIN), ("language", {})])
def test_nobody_is_sent_elsewhere(name: str, form: dict[str, str], place: str) -> None:
    mina()
    extra = {"language": "ko"} if name == "language" else {}
    response = Client().post(reverse(name), {**form, **extra, "next": place})
    assert response.status_code == 302
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("place", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_leaving_or_when_in_already(place: str) -> None:
    client = client_of(mina())
    for name in ("account_login", "join"):
        assert client.get(reverse(name), {"next": place}).headers["Location"] == "/"
    assert client.post(reverse("account_logout"), {"next": place}).headers["Location"] == "/"


def test_another_of_our_names_is_elsewhere_too() -> None:
    """ALLOWED_HOSTS may list many; a login stays on the one that was opened."""
    mina()
    response = Client().post(reverse("account_login"), {**LOGIN, "next": "http://localhost/"})
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("name", ["guest", "join", "language", "account_login", "account_logout"])
def test_forms_of_others_are_refused(name: str) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse(name), JOIN, headers={"accept-language": "ko"})
    assert response.status_code == 403
    assert 'lang="ko"' in response.content.decode()
    assert not User.objects.exists()


def test_a_new_password_is_not_given_by_a_form_of_others() -> None:
    learner = mina()
    client = Client(enforce_csrf_checks=True)
    client.force_login(tae())
    assert client.post(reverse("teach_password", args=[learner.pk])).status_code == 403


def test_a_form_of_ours_is_taken() -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("account_login"))
    token = client.cookies["csrftoken"].value
    assert client.post(reverse("guest"), {"csrfmiddlewaretoken": token}).status_code == 302
    assert User.objects.count() == 1


def test_a_language_is_not_chosen_by_a_link(client: Client) -> None:
    assert client.get(reverse("language"), {"language": "ko"}).status_code == 405


def test_an_unknown_language_changes_nothing() -> None:
    user = mina()
    response = client_of(user).post(reverse("language"), {"language": "xx"})
    assert not response.cookies
    user.refresh_from_db()
    assert user.language == "en"


def test_a_foreign_host_name_is_refused() -> None:
    response = Client().get("/account/login/", headers={"host": "evil.example"})
    assert response.status_code == 400


def test_a_forged_address_of_a_proxy_does_not_escape_the_limit() -> None:
    mina()
    for number in range(6):
        address = {"x-forwarded-for": f"203.0.113.{number}"}
        last = Client().post(
            reverse("account_login"), {**LOGIN, "login": f"n{number}", "password": "x"}, headers=address
        )
    assert last.status_code == 200
    for number in range(6, 12):
        address = {"x-forwarded-for": f"203.0.113.{number}"}
        last = Client().post(
            reverse("account_login"), {**LOGIN, "login": f"n{number}", "password": "x"}, headers=address
        )
    assert "Too many failed login attempts" in last.content.decode()


def test_passwords_are_not_kept_as_they_are() -> None:
    Client().post(reverse("join"), JOIN)
    assert PASSWORD not in User.objects.get().password


def test_a_guest_cannot_be_logged_into() -> None:
    visitor = guest()
    client = Client()
    for password in ("", "!", visitor.password):
        client.post(reverse("account_login"), {"login": visitor.username, "password": password})
        assert "_auth_user_id" not in client.session
