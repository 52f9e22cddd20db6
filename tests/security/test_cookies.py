from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    client.get(reverse("account_login"))
    session = client.post(reverse("guest")).cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    language = client.post(reverse("language"), {"language": "ko"}).cookies["django_language"]
    assert language["httponly"]
    assert language["samesite"] == "Lax"


def test_the_csrf_cookie_is_read_by_our_script_and_sent_nowhere_else(client: Client) -> None:
    cookie = client.get(reverse("account_login")).cookies["csrftoken"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["httponly"]


HTTPS = """
from django.conf import settings
names = "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE LANGUAGE_COOKIE_SECURE SECURE_SSL_REDIRECT".split()
assert all(getattr(settings, name) for name in names), names
assert settings.SECURE_HSTS_SECONDS > 10**7
"""


def test_behind_https_every_cookie_says_so(tmp_path: Path) -> None:
    """In a process of its own: the settings are read once."""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "k8slab.settings", "K8SLAB_HTTPS": "1", "K8SLAB_VAR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", HTTPS], cwd=configured.BASE_DIR, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
