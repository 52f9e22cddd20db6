"""One watcher works at a time; others stand by. A lease in the shared cache, taken by compare-and-set."""

from __future__ import annotations

import logging
import uuid

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

KEY = "live.watcher"
SECONDS = 4  # a watcher that died is replaced after this long


class Lease:
    def __init__(self) -> None:
        self.holder = uuid.uuid4().hex
        self.held = False

    def take_or_renew(self) -> bool:
        """True while this process is the watcher; call it at least every SECONDS / 2.

        While Redis is away nobody can take the lease, so whoever held it goes on.
        """
        try:
            self.held = cache.add(KEY, self.holder, SECONDS) or self._renewed()
        except (RedisError, OSError) as error:
            log.warning("the lease cannot be renewed now: %s", error)
        return self.held

    def release(self) -> None:
        try:
            if cache.get(KEY) == self.holder:
                cache.delete(KEY)
        except (RedisError, OSError):
            log.warning("the lease ends by itself in %d s", SECONDS)

    def _renewed(self) -> bool:
        return cache.get(KEY) == self.holder and cache.touch(KEY, SECONDS)
