"""One watcher works at a time; others stand by. A lease in the shared cache, taken by compare-and-set."""

from __future__ import annotations

import uuid

from django.core.cache import cache

KEY = "live.watcher"
SECONDS = 4  # a watcher that died is replaced after this long


class Lease:
    def __init__(self) -> None:
        self.holder = uuid.uuid4().hex

    def take_or_renew(self) -> bool:
        """True while this process is the watcher; call it at least every SECONDS / 2."""
        if cache.add(KEY, self.holder, SECONDS):
            return True
        return cache.get(KEY) == self.holder and cache.touch(KEY, SECONDS)

    def release(self) -> None:
        if cache.get(KEY) == self.holder:
            cache.delete(KEY)
