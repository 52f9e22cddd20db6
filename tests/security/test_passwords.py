"""With Django's real hashing, which the other tests leave out for speed."""

from __future__ import annotations

import pytest
from django.conf import global_settings
from django.urls import reverse
from pytest_django import Settings

from k8slab.accounts.models import User
from tests.people import PASSWORD, client_of, guest

pytestmark = pytest.mark.django_db


def test_it_works(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    client_of(guest()).post(reverse("join"), {"username": "jisoo", "password": PASSWORD, "again": PASSWORD})
    assert User.objects.get().password.startswith("pbkdf2_sha256$")
