"""The watcher's heart: cluster changes in, messages for pages out, and a word to whoever grades.

It lives in one event loop. Watch threads hand their changes over with `call_soon_threadsafe`, so that a room's state,
its version and the order of what is sent always agree; snapshots leave through the same outbox as changes.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, Protocol

from redis.exceptions import RedisError

from . import groups
from .batches import Batches
from .items import is_fixture
from .messages import Change, Happened, HubStarted
from .outside import CLAIM, NAMESPACE, Outside
from .outside import KINDS as OUTSIDE
from .room import Room

log = logging.getLogger(__name__)

Obj = Mapping[str, Any]
Kind = tuple[str, str]  # apiVersion, kind


class Layer(Protocol):
    """The part of a Channels layer that the hub uses."""

    async def send(self, channel: str, message: dict[str, Any]) -> None: ...
    async def group_send(self, group: str, message: dict[str, Any]) -> None: ...
    async def receive(self, channel: str) -> dict[str, Any]: ...


class Hub:
    """Args: `on_change(namespace, (apiVersion, kind))` hears every change; `ours` says which namespaces count;
    `record(namespace, change)` hears the changes that pages hear; `on_namespace`
    hears of every namespace that there is or comes to be, with its object.
    """

    def __init__(
        self,
        layer: Layer,
        kinds: Iterable[Kind],
        ours: Callable[[str], bool],
        on_change: Callable[[str, Kind], None],
        record: Callable[[str, Change], None] = lambda namespace, change: None,
        on_namespace: Callable[[Obj], None] = lambda obj: None,
    ) -> None:
        self.epoch = uuid.uuid4().hex[:12]
        self._layer = layer
        self._ours = ours
        self._on_change = on_change
        self._record = record
        self._on_namespace = on_namespace
        self._rooms: dict[str, Room] = {}
        self._outside = Outside()
        self._known: dict[Kind, dict[str, Obj]] = {kind: {} for kind in kinds}
        # a cluster need not let the app see what is outside the namespaces: pages do not wait for that
        self._unlisted = self._known.keys() - OUTSIDE
        self._outbox = Batches()
        self._ready = asyncio.Event()

    async def ready(self) -> None:
        """Returns once every kind has been listed."""
        await self._ready.wait()

    async def run(self) -> None:
        """Serves until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._deliver())
            tasks.create_task(self._answer())

    # --- what the watches say -----------------------------------------------------------------------------------
    def listed(self, kind: Kind, objects: Iterable[Obj]) -> None:
        """A full list: whatever is known and not in it was deleted while nobody looked."""
        now = {obj["metadata"]["uid"]: obj for obj in objects}
        for uid, obj in list(self._known[kind].items()):
            if uid not in now:
                self.changed(kind, "DELETED", obj)
        for obj in now.values():
            self.changed(kind, "ADDED", obj)
        self._unlisted.discard(kind)
        if not self._unlisted and not self._ready.is_set():
            self._ready.set()
            self._outbox.to_group(groups.ANNOUNCEMENTS, HubStarted(type="hub"))

    def changed(self, kind: Kind, change: Literal["ADDED", "MODIFIED", "DELETED"], obj: Obj) -> None:
        namespace = obj["metadata"].get("namespace", "")
        if kind not in OUTSIDE and (not self._ours(namespace) or is_fixture(obj)):
            return
        known, uid = self._known[kind], obj["metadata"]["uid"]
        deleted = change == "DELETED"
        if deleted:
            known.pop(uid, None)
        else:
            known[uid] = {
                "metadata": {"uid": uid, "namespace": namespace, "name": obj["metadata"]["name"]},
                **_head(obj),
            }
        if kind == NAMESPACE and change == "ADDED":
            self._on_namespace(obj)
        if kind in OUTSIDE:
            self._surround(self._outside.take(kind, obj, deleted))
            return
        self._tell(namespace, kind, obj, deleted)
        self._on_change(namespace, kind)

    def _tell(self, namespace: str, kind: Kind, obj: Obj, deleted: bool) -> None:
        room = self._room(namespace)
        if kind == ("v1", "Event"):
            message: Change | Happened | None = None if deleted else room.happened(obj)
        else:
            message = room.changed(obj, deleted)
        if message:
            self._send(namespace, message)
        if kind == CLAIM:
            self._outside.take_claim(namespace, obj, deleted)
            self._surround((namespace,))

    def _surround(self, concerned: Iterable[str] | None) -> None:
        """Tells rooms what they see of the things outside; None: all rooms."""
        for namespace in list(self._rooms) if concerned is None else concerned:
            if namespace not in self._rooms:
                continue
            for change in self._rooms[namespace].surround(self._outside.items(namespace)):
                self._send(namespace, change)
                self._on_change(namespace, (change["item"]["apiVersion"], change["item"]["kind"]))

    def _room(self, namespace: str) -> Room:
        room = self._rooms.get(namespace)
        if room is None:
            room = self._rooms[namespace] = Room(self.epoch)
            self._surround((namespace,))
        return room

    def _send(self, namespace: str, message: Change | Happened) -> None:
        self._outbox.to_group(groups.of_sandbox(namespace), message)
        if message["type"] == "change":
            self._record(namespace, message)

    # --- what leaves --------------------------------------------------------------------------------------------
    async def _deliver(self) -> None:
        while True:
            for batch in await self._outbox.next():
                send = self._layer.group_send if batch.to_group else self._layer.send
                try:
                    await send(batch.where, {"type": "page.messages", "messages": batch.messages})
                except (RedisError, OSError) as error:
                    # A page notices the gap in versions at the next change and asks again.
                    log.warning("lost %d messages to %s: %s", len(batch.messages), batch.where, error)
                    await asyncio.sleep(0.5)

    async def _answer(self) -> None:
        """Answers `{"type": "snapshot", "namespace", "reply"}` from consumers, once every kind has been listed."""
        await self._ready.wait()
        while True:
            try:
                ask = await self._layer.receive(groups.WATCHER)
            except (RedisError, OSError) as error:
                log.warning("cannot hear the pages: %s", error)
                await asyncio.sleep(0.5)
                continue
            self._outbox.to_channel(ask["reply"], self._room(ask["namespace"]).snapshot())


def _head(obj: Obj) -> dict[str, Any]:
    return {"apiVersion": obj["apiVersion"], "kind": obj["kind"]}
