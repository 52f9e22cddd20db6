from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from k8slab import urls as ours


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    raise {"400": SuspiciousOperation, "403": PermissionDenied, "500": RuntimeError}[kind]


urlpatterns = [path("refuse/<str:kind>/", refuse), *ours.urlpatterns]


@pytest.fixture(autouse=True)
def pages_that_break(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


WORDS = {
    "400": ("could not read", "읽지 못했습니다"),
    "403": ("not for you", "볼 수 없는"),
    "404": ("no such page", "없습니다"),
    "500": ("broke on our side", "문제가 생겼습니다"),
}


@pytest.mark.parametrize("status", WORDS)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_works_without_the_database(status: str, language: str) -> None:
    """No `django_db` mark: a query would fail the test, even in the page for a broken database."""
    address = "/no/such/page/" if status == "404" else f"/refuse/{status}/"
    response = Client(raise_request_exception=False).get(address, headers={"accept-language": language})
    assert response.status_code == int(status)
    page = response.content.decode()
    assert f'<html lang="{language}">' in page
    assert WORDS[status][language == "ko"] in page
    assert 'href="/"' in page
