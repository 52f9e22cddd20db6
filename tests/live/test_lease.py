"""One watcher works at a time."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from k8slab.live import lease
from k8slab.live.lease import Lease


@pytest.fixture(autouse=True)
def nobody_watches() -> Iterator[None]:
    cache.delete(lease.KEY)
    yield
    cache.delete(lease.KEY)


def test_the_first_holds_it_and_the_second_stands_by() -> None:
    first, second = Lease(), Lease()
    assert first.take_or_renew()
    assert not second.take_or_renew()
    assert first.take_or_renew()


def test_who_releases_makes_room() -> None:
    first, second = Lease(), Lease()
    first.take_or_renew()
    first.release()
    assert second.take_or_renew()


def test_a_stranger_releases_nothing() -> None:
    first, second = Lease(), Lease()
    first.take_or_renew()
    second.release()
    assert not second.take_or_renew()
