from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import AsyncClient, Client
from django.urls import reverse
from django_vite.core.asset_loader import DjangoViteAssetLoader
from pytest_django import Settings

from tests.people import client_of, mina, tae

NOTICE = "The front end is not built"


@pytest.fixture
def build(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the page looks for a build; there is none yet."""
    manifest = tmp_path / "manifest.json"
    settings.DJANGO_VITE = {"default": {"manifest_path": manifest, "static_url_prefix": "dist"}}
    monkeypatch.setattr(DjangoViteAssetLoader, "_instance", None)  # it reads the manifest once in a process
    return manifest


def test_it_works(build: Path, client: Client) -> None:
    build.write_text(json.dumps({"src/main.ts": {"file": "assets/main-1.js", "css": ["assets/main-1.css"]}}))
    page = client.get(reverse("account_login")).content.decode()
    assert "/static/dist/assets/main-1.js" in page
    assert "/static/dist/assets/main-1.css" in page
    assert NOTICE not in page


@pytest.mark.django_db
def test_without_a_build_pages_are_whole_and_instructors_are_told(build: Path) -> None:
    assert NOTICE in client_of(tae()).get(reverse("account_change_password")).content.decode()
    assert NOTICE not in client_of(mina()).get(reverse("account_change_password")).content.decode()


def test_without_a_build_the_developer_is_told(build: Path, settings: Settings, client: Client) -> None:
    settings.DEBUG = True
    assert NOTICE in client.get(reverse("account_login")).content.decode()


async def test_pages_come_the_same_way_from_the_asgi_server(build: Path) -> None:
    response = await AsyncClient().get(reverse("account_login"))
    assert response.status_code == 200
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "'nonce-" in response.headers["Content-Security-Policy"]
