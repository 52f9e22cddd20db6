"""One worker at a time, on however many processes: locks in the shared cache that a dead holder does not keep."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.cache import cache

SECONDS = 40  # until the lock of a worker that died opens by itself; longer than any work under one


@contextmanager
def held(key: str) -> Iterator[bool]:
    """Whether the lock is ours for the block; never waits."""
    lock, me = f"lock.{key}", uuid.uuid4().hex
    mine = cache.add(lock, me, SECONDS)
    try:
        yield mine
    finally:
        if mine and cache.get(lock) == me:
            cache.delete(lock)


def one_at_a_time(key: str, work: Callable[[], None]) -> None:
    """Runs `work` unless somebody else does; that one then runs it once more when it is through."""
    again = f"again.{key}"
    cache.set(again, 1, SECONDS)
    while cache.get(again):
        with held(key) as mine:
            if not mine:
                return
            cache.delete(again)
            work()
