"""One grading of an attempt at a time, on however many workers; what asks meanwhile causes one more round."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.core.cache import cache

HELD = 60  # seconds until the lock of a worker that died opens by itself


def one_at_a_time(key: str, work: Callable[[], None]) -> None:
    """Runs `work` unless another process does; that one then runs it once more when it is through."""
    again, lock, me = f"again.{key}", f"lock.{key}", uuid.uuid4().hex
    cache.set(again, 1, HELD)
    while cache.get(again) and cache.add(lock, me, HELD):
        try:
            cache.delete(again)
            work()
        finally:
            if cache.get(lock) == me:
                cache.delete(lock)
