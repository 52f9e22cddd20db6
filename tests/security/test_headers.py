"""Every kind of page, the broken ones too, carries the headers that keep a browser from turning on its owner."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from pytest_django import Settings

from k8slab import urls as ours
from tests.people import client_of, guest, mina, tae

pytestmark = pytest.mark.django_db


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def unreadable(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("not readable")


urlpatterns = [path("breaks/", breaks), path("unreadable/", unreadable), *ours.urlpatterns]

VISITORS: dict[str, Callable[[], Client]] = {
    "stranger": lambda: Client(raise_request_exception=False),
    "guest": lambda: client_of(guest()),
    "student": lambda: client_of(mina()),
    "instructor": lambda: client_of(tae()),
}
PAGES = [
    ("stranger", "/", 200),
    ("guest", "/", 200),
    ("instructor", "/", 200),
    ("stranger", "/account/login/", 200),
    ("stranger", "/account/join/", 200),
    ("guest", "/account/join/", 200),
    ("guest", "/account/logout/", 200),
    ("student", "/account/password/change/", 200),
    ("instructor", "/teach/", 200),
    ("student", "/teach/", 403),
    ("stranger", "/teach/", 302),
    ("stranger", "/no/such/page", 404),
    ("stranger", "/unreadable/", 400),
    ("stranger", "/breaks/", 500),
]


@pytest.fixture(autouse=True)
def pages_that_break(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.mark.parametrize(("who", "address", "status"), PAGES)
def test_it_works(who: str, address: str, status: int) -> None:
    response = VISITORS[who]().get(address)
    assert response.status_code == status
    policy = directives(response.headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    for sources in policy.values():
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"} & set(sources)
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]


def directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize(("who", "address"), [(who, address) for who, address, status in PAGES if status == 200])
def test_nothing_in_a_page_needs_what_the_policy_forbids(who: str, address: str) -> None:
    response = VISITORS[who]().get(address)
    page = response.content.decode()
    assert not re.search(r"""<[^>]*\s(style|on\w+)\s*=""", page)
    assert "javascript:" not in page
    nonces = set(re.findall(r"""nonce=["']([^"']*)""", page))
    scripts = re.findall(r"<(?:script|style)\b[^>]*>", page)
    assert all("nonce=" in tag or "src=" in tag or "application/json" in tag for tag in scripts)
    sources = directives(response.headers["Content-Security-Policy"])["script-src"]
    assert nonces <= {source.removeprefix("'nonce-").rstrip("'") for source in sources}


def test_a_nonce_is_used_once() -> None:
    policies = {Client().get(reverse("account_login")).headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_pages_about_other_people_are_not_kept_by_a_browser() -> None:
    assert "no-store" in client_of(tae()).get("/teach/").headers["Cache-Control"]
