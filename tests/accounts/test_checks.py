from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from k8slab.accounts import checks


def found() -> list[str]:
    return [str(message.id) for message in checks.settings_make_sense()]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("GUESTS_PER_IP", "many", "k8slab.E001"),
        ("GUESTS_PER_IP", "60", "k8slab.E001"),
        ("GUESTS_PER_IP", "0/h", "k8slab.E001"),
        ("GUESTS_PER_IP", "", "k8slab.E001"),
        ("GUESTS_PER_IP", "5/h/user", "k8slab.E001"),
        ("SANDBOX_HOURS", 0.0, "k8slab.E002"),
        ("GUEST_DAYS", 0, "k8slab.E003"),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", -1, "k8slab.E004"),
        ("LESSONS_DIR", Path("/no/such/lessons"), "k8slab.E005"),
        ("REDIS_URL", "http://localhost", "k8slab.E006"),
        ("ALLOWED_HOSTS", ["*"], "k8slab.W002"),
        ("ALLOWED_HOSTS", ["lab.example.org"], "k8slab.W003"),
    ],
)
def test_a_wrong_value_is_told(settings: Settings, name: str, value: Any, code: str) -> None:
    setattr(settings, name, value)
    assert code in found()


def test_the_defaults_are_right() -> None:
    assert found() == []


def test_each_says_what_to_do(settings: Settings) -> None:
    settings.GUESTS_PER_IP, settings.SANDBOX_HOURS, settings.GUEST_DAYS = "x", -1, 0
    settings.ALLOWED_HOSTS = ["*"]
    assert all(message.hint for message in checks.settings_make_sense())


def test_translations_that_are_missing_or_old_are_told(settings: Settings, tmp_path: Path) -> None:
    po = tmp_path / "ko" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text("")
    settings.LOCALE_PATHS = [tmp_path]
    assert [message.id for message in checks.translations_compiled()] == ["k8slab.W001"]
    mo = po.with_suffix(".mo")
    mo.write_bytes(b"")
    os.utime(mo, (1, 1))
    assert [message.id for message in checks.translations_compiled()] == ["k8slab.W001"]
    os.utime(po, (1, 1))
    assert checks.translations_compiled() == []
