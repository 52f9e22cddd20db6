"""Sends a message to every page that shows a sandbox. Losing one is never fatal: pages ask again by themselves."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

from . import groups
from .messages import ToPage
from .outbox import Outbox

_outbox = Outbox()


def to_page(namespace: str, message: ToPage) -> None:
    """Publishes `message` to the sandbox's group. Never raises: what is said here is kept in the database as well, and
    a page that reconnects fetches it there.
    """
    event = {"type": "page.message", "message": message}
    layer = get_channel_layer()
    if isinstance(layer, InMemoryChannelLayer):  # all in this process: its queues belong to the caller's thread
        async_to_sync(layer.group_send)(groups.of_sandbox(namespace), event)
    else:
        _outbox.put(groups.of_sandbox(namespace), event)
