from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from k8slab.accounts.models import User
from tests.people import PASSWORD, client_of, guest, mina

pytestmark = pytest.mark.django_db
MINA = {"login": "mina", "password": PASSWORD}


def test_it_works(client: Client) -> None:
    user = mina()
    response = client.post(reverse("account_login"), {**MINA, "next": "/learn/pods/"})
    assert response.headers["Location"] == "/learn/pods/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_session_key_is_a_new_one(client: Client) -> None:
    mina()
    client.session.save()
    planted = client.session.session_key
    client.post(reverse("account_login"), MINA)
    assert client.session.session_key != planted


def test_wrong_passwords_are_refused_and_then_not_even_tried(client: Client) -> None:
    mina()
    for _ in range(5):
        wrong = client.post(reverse("account_login"), {**MINA, "password": "wrong"})
        assert wrong.status_code == 200
    right = client.post(reverse("account_login"), MINA)
    assert "_auth_user_id" not in client.session
    assert "Too many failed login attempts" in right.content.decode()


def test_many_logins_from_one_place_get_a_friendly_page(client: Client) -> None:
    for number in range(30):
        client.post(reverse("account_login"), {"login": f"n{number}", "password": ""})
    refused = client.post(reverse("account_login"), MINA, headers={"accept-language": "ko"})
    assert refused.status_code == 429
    assert 'lang="ko"' in refused.content.decode()


def test_a_guest_is_told_that_the_work_stays_behind() -> None:
    user = guest()
    page = client_of(user).get(reverse("account_login")).content.decode()
    assert user.username in page
    assert "that work stays with the guest" in page
    assert reverse("join") in page


def test_a_guest_logs_into_an_account_and_gets_a_new_session() -> None:
    visitor = guest()
    user = mina()
    client = client_of(visitor)
    client.session["note"] = "of the guest"
    client.post(reverse("account_login"), MINA)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert "note" not in client.session
    assert User.objects.filter(pk=visitor.pk).exists()


def test_whoever_is_in_already_goes_on() -> None:
    response = client_of(mina()).get(reverse("account_login"), {"next": "/learn/pods/"})
    assert response.headers["Location"] == "/learn/pods/"


def test_the_account_brings_its_language_to_a_new_browser(client: Client) -> None:
    user = mina()
    User.objects.filter(pk=user.pk).update(language="ko")
    response = client.post(reverse("account_login"), MINA, headers={"accept-language": "en"})
    assert response.cookies["django_language"].value == "ko"


def test_the_language_chosen_in_this_browser_goes_to_the_account(client: Client) -> None:
    user = mina()
    client.post(reverse("language"), {"language": "ko"})
    client.post(reverse("account_login"), MINA)
    user.refresh_from_db()
    assert user.language == "ko"


def test_logging_out_takes_a_post() -> None:
    client = client_of(mina())
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post(reverse("account_logout")).headers["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_a_guest_is_warned_before_leaving() -> None:
    page = client_of(guest()).get(reverse("account_logout")).content.decode()
    assert "A guest cannot come back" in page


def test_there_is_no_other_way_to_sign_up(client: Client) -> None:
    for path in ("signup/", "password/reset/", "email/", "password/set/"):
        assert client.get(f"/account/{path}").status_code == 404


def test_passwords_are_changed_by_their_owner() -> None:
    user = mina()
    client, other = client_of(user), client_of(user)
    new = "another horse battery"
    change = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), change).status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)
    assert client.get(reverse("account_change_password")).status_code == 200  # still in
    assert other.get(reverse("account_change_password")).status_code == 302  # logged out elsewhere


def test_a_wrong_old_password_changes_nothing() -> None:
    user = mina()
    new = "another horse battery"
    change = {"oldpassword": "wrong", "password1": new, "password2": new}
    assert client_of(user).post(reverse("account_change_password"), change).status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_guest_who_wants_to_change_the_password_makes_an_account() -> None:
    response = client_of(guest()).get(reverse("account_change_password"))
    assert response.headers["Location"] == reverse("join")


def test_nobody_changes_a_password_without_being_logged_in(client: Client) -> None:
    response = client.get(reverse("account_change_password"))
    assert response.headers["Location"].startswith(reverse("account_login"))
