from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from k8slab.accounts.models import User
from tests.people import client_of, mina

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    response = client.post(reverse("guest"), {"next": "/learn/pods/"})
    assert (response.status_code, response.headers["Location"]) == (302, "/learn/pods/")
    guest = User.objects.get()
    assert guest.is_guest
    assert guest.username.startswith("guest-")
    assert not guest.has_usable_password()
    assert client.session["_auth_user_id"] == str(guest.pk)


def test_two_guests_have_names_that_nobody_guesses() -> None:
    for _ in range(2):
        Client().post(reverse("guest"))
    names = set(User.objects.values_list("username", flat=True))
    assert len(names) == 2
    assert all(len(name) == len("guest-") + 10 for name in names)


def test_a_guest_who_asks_again_stays_the_same(client: Client) -> None:
    client.post(reverse("guest"))
    client.post(reverse("guest"))
    assert User.objects.count() == 1


def test_a_student_does_not_become_a_guest() -> None:
    user = mina()
    client_of(user).post(reverse("guest"))
    assert list(User.objects.all()) == [user]


def test_a_link_makes_no_guest(client: Client) -> None:
    assert client.get(reverse("guest")).status_code == 302
    assert not User.objects.exists()


def test_the_session_key_is_a_new_one(client: Client) -> None:
    client.session.save()
    planted = client.session.session_key
    client.post(reverse("guest"))
    assert client.session.session_key != planted


def test_the_language_of_the_browser_is_kept_for_the_workers(client: Client) -> None:
    client.post(reverse("guest"), headers={"accept-language": "ko"})
    assert User.objects.get().language == "ko"


def test_a_chosen_language_is_kept(client: Client) -> None:
    client.post(reverse("language"), {"language": "ko", "next": "/"})
    client.post(reverse("guest"), headers={"accept-language": "en"})
    assert User.objects.get().language == "ko"


def test_too_many_from_one_place(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"guest": "2/h"}
    for _ in range(2):
        assert Client().post(reverse("guest")).status_code == 302
    refused = Client().post(reverse("guest"), headers={"accept-language": "ko"})
    assert refused.status_code == 429
    assert "잠시" in refused.content.decode()
    assert User.objects.count() == 2
