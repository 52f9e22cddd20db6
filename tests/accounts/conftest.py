from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from k8slab.accounts.catalogs import compile_catalog, po_files, stale


@pytest.fixture(scope="session", autouse=True)
def compiled_translations() -> None:
    for po in po_files():
        if stale(po):
            compile_catalog(po)


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> Iterator[None]:
    """Rate limits count in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()
