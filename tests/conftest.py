"""Fixtures for every room: a cluster per session, a namespace name per test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from .emulator_process import running_emulator


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The kubeconfig of an embedded cluster of three nodes, one per test process."""
    with running_emulator(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster.kubeconfig


@pytest.fixture
def namespace_name() -> str:
    """A name that no other test uses."""
    return f"t-{uuid.uuid4().hex[:10]}"


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """`people.person` hashes by MD5: a test's password is no target."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
