"""What the watcher knows of one namespace, and the version that counts its changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Literal

from .items import same_item, to_event, to_item
from .messages import Change, EventItem, Happened, Item, Snapshot

EVENTS_KEPT = 50


class Room:
    """Pure state: each change in, at most one message out. snapshot() + later messages == a later snapshot()."""

    def __init__(self, epoch: str) -> None:
        self.epoch = epoch
        self.version = 0
        self._items: dict[str, Item] = {}
        self._events: OrderedDict[str, EventItem] = OrderedDict()
        self._outside: frozenset[str] = frozenset()

    def snapshot(self) -> Snapshot:
        return Snapshot(
            type="snapshot",
            epoch=self.epoch,
            version=self.version,
            items=list(self._items.values()),
            events=list(self._events.values()),
        )

    def changed(self, obj: Mapping[str, Any], deleted: bool = False) -> Change | None:
        """None where nothing that a page shows has changed."""
        if not deleted:
            return self._put(to_item(obj))
        uid = obj["metadata"]["uid"]
        return self._tell("deleted", self._items.pop(uid)) if uid in self._items else None

    def surround(self, items: Mapping[str, Item]) -> list[Change]:
        """What is shown of the things outside the namespace: what is not among `items` any more has gone."""
        told = [self._tell("deleted", self._items.pop(uid)) for uid in sorted(self._outside - items.keys())]
        told += [change for item in items.values() if (change := self._put(item))]
        self._outside = frozenset(items)
        return told

    def _put(self, item: Item) -> Change | None:
        before = self._items.get(item["uid"])
        if before and same_item(before, item):
            return None
        self._items[item["uid"]] = item
        return self._tell("modified" if before else "added", item)

    def happened(self, obj: Mapping[str, Any]) -> Happened | None:
        """A core/v1 Event, new or repeated; the oldest are forgotten."""
        event = to_event(obj)
        if self._events.get(event["uid"]) == event:
            return None
        self._events[event["uid"]] = event
        self._events.move_to_end(event["uid"])
        while len(self._events) > EVENTS_KEPT:
            self._events.popitem(last=False)
        self.version += 1
        return Happened(type="event", epoch=self.epoch, version=self.version, event=event)

    def _tell(self, change: Literal["added", "modified", "deleted"], item: Item) -> Change:
        self.version += 1
        return Change(type="change", epoch=self.epoch, version=self.version, change=change, item=item)
