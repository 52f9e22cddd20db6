"""Fixtures for every room: a cluster per session, a namespace name per test."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from pytest_django import Settings

from k8slab.accounts.catalogs import compile_catalog, po_files, stale

from .emulator_process import running_emulator

# Machines are shared and noisy: how long an example takes says nothing. CI tries the same examples each time; whoever
# works on the code gets new ones.
hypothesis.register_profile(
    "k8slab", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
hypothesis.load_profile("k8slab")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever types `pytest` alone gets the quick tests first and the browser last: its driver leaves a running event
    loop behind, in which asyncio's tests and Django's database would no longer work.
    """
    items.sort(key=lambda item: ("e2e" in item.keywords) + 2 * ("browser" in item.keywords))


@pytest.fixture(scope="session", autouse=True)
def compiled_translations() -> None:
    for po in po_files():
        if stale(po):
            compile_catalog(po)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits and locks are in the cache, which outlives a test."""
    cache.clear()


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
