"""Sends a message to every page that shows a sandbox. Losing one is never fatal: pages ask again by themselves."""

from __future__ import annotations

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from . import groups
from .messages import ToPage

log = logging.getLogger(__name__)


def to_page(namespace: str, message: ToPage) -> None:
    """Publishes `message` to the sandbox's group. A Redis that is away is logged, not raised: what is said here is
    kept in the database as well, and a page that reconnects fetches it there.
    """
    event = {"type": "page.message", "message": message}
    try:
        async_to_sync(get_channel_layer().group_send)(groups.of_sandbox(namespace), event)
    except (RedisError, OSError) as error:
        log.warning("could not tell the pages of %s: %s", namespace, error)
