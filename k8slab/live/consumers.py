"""One page's websocket: who may listen is decided once, at connect; then it only passes messages on."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any

import orjson
from channels.db import database_sync_to_async
from channels.exceptions import ChannelFull
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from k8slab.sandbox.models import Sandbox

from . import groups
from .describe import describe

LOGIN_NEEDED, NO_SANDBOX = 4401, 4404
RESYNC_PAUSE = 0.2  # seconds between two snapshots of one page

log = logging.getLogger(__name__)


class SandboxConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels ships no types
    namespace = ""
    last_resync = 0.0

    async def connect(self) -> None:
        """Joins the group of the user's own sandbox, and of no other."""
        await self.accept()
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(LOGIN_NEEDED)
            return
        sandbox = await database_sync_to_async(Sandbox.objects.filter(owner=user).first)()
        if sandbox is None:
            await self.close(NO_SANDBOX)
            return
        self.namespace = sandbox.namespace
        for group in (groups.of_sandbox(self.namespace), groups.ANNOUNCEMENTS):
            await self.channel_layer.group_add(group, self.channel_name)
        await self.send_json(describe(sandbox))
        await self._ask_snapshot()

    async def disconnect(self, code: int) -> None:
        if self.namespace:
            for group in (groups.of_sandbox(self.namespace), groups.ANNOUNCEMENTS):
                await self.channel_layer.group_discard(group, self.channel_name)

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        """None for what is not JSON: a page's mistake must not end its socket."""
        try:
            return json.loads(text_data)
        except ValueError:
            return None

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        if isinstance(content, dict) and content.get("type") == "resync":
            await self._ask_snapshot()

    async def page_message(self, event: dict[str, Any]) -> None:
        await self.send_json(event["message"])

    async def page_messages(self, event: dict[str, Any]) -> None:
        for message in event["messages"]:
            await self.send_json(message)

    @classmethod
    async def encode_json(cls, content: Any) -> str:
        return orjson.dumps(content).decode()

    async def _ask_snapshot(self) -> None:
        if not self.namespace:
            return
        await asyncio.sleep(max(0.0, self.last_resync + RESYNC_PAUSE - time.monotonic()))
        self.last_resync = time.monotonic()
        ask = {"type": "snapshot", "namespace": self.namespace, "reply": self.channel_name}
        try:
            await self.channel_layer.send(groups.WATCHER, ask)
        except ChannelFull:  # no watcher has listened for a while; the one that starts next announces itself
            log.warning("the watcher's mailbox is full")
