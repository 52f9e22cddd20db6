from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from k8slab.accounts import tasks
from k8slab.accounts.models import User
from k8slab.sandbox.models import Sandbox
from tests.people import guest, mina

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=31)


def away_since(user: User, moment: object) -> User:
    User.objects.filter(pk=user.pk).update(last_login=moment)
    return user


def test_it_works() -> None:
    away_since(guest(), LONG_AGO)
    assert tasks.forget_guests() == 1
    assert not User.objects.exists()


def test_who_did_something_or_was_here_lately_or_has_an_account_stays() -> None:
    busy = away_since(guest(), LONG_AGO)
    Sandbox.objects.create(owner=busy, namespace="student-1", expires=LONG_AGO)
    lately = away_since(guest(), timezone.now())
    account = away_since(mina(), LONG_AGO)
    assert tasks.forget_guests() == 0
    assert set(User.objects.all()) == {busy, lately, account}


def test_the_days_are_a_setting(settings: Settings) -> None:
    away_since(guest(), LONG_AGO)
    settings.GUEST_DAYS = 32
    assert tasks.forget_guests() == 0


def test_a_forgotten_guest_who_comes_back_is_a_stranger(client: Client) -> None:
    client.post(reverse("guest"))
    away_since(User.objects.get(), LONG_AGO)
    tasks.forget_guests()
    assert client.get(reverse("account_login")).status_code == 200
    assert client.get(reverse("account_change_password")).status_code == 302


def test_old_sessions_are_cleared(client: Client) -> None:
    client.post(reverse("guest"))
    assert tasks.clear_sessions() == 0
    session = client.session
    session.set_expiry(-1)
    session.save()
    assert tasks.clear_sessions() == 1
