"""All objects, in memory: one revision counter, one index per resource, one bounded log per resource for watchers.

Each object is kept as a dict, for the inside, and as its JSON, for the disk and for the wire; both never change once
they are in. Everything here is synchronous: a write is visible to everyone when the call returns.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

from k8slab.emulator.journal import Journal, JournalError, NotStored, damaged
from k8slab.emulator.ports import Change, ChangeType, Obj
from k8slab.emulator.resources import ResourceTable
from k8slab.emulator.status import ApiError

LOG_SIZE = 4096  # changes that a watcher of one resource may be behind
LOG_SIZES = {"leases.coordination.k8s.io": 256}  # written at every heartbeat: history that hardly anybody reads
LOG_BYTES = 32 * 1024 * 1024  # and their JSON together: large objects leave sooner
Listener = Callable[["Logged"], None]


class Logged(NamedTuple):
    """A change with its revision and with the JSON of the new state (for watchers outside)."""

    revision: int
    change: Change
    raw: bytes


class Record(NamedTuple):
    """A change as the log keeps it: as JSON, which is a quarter of the objects and mostly there anyway."""

    revision: int
    type: ChangeType
    place: tuple[str, str, str]  # resource, namespace, name
    before: bytes | None
    raw: bytes

    def logged(self) -> Logged:
        old = None if self.before is None else orjson.loads(self.before)
        return Logged(self.revision, Change(self.type, self.place[0], old, orjson.loads(self.raw)), self.raw)


@dataclass(slots=True)
class Entry:
    obj: Obj
    raw: bytes


@dataclass(slots=True)
class Shelf:
    """The objects of one resource."""

    by_namespace: dict[str, dict[str, Entry]] = field(default_factory=dict)
    log: deque[Record] = field(default_factory=deque)
    log_bytes: int = 0
    forgotten: int = 0  # the newest revision that fell out of the log
    listeners: dict[int, Listener] = field(default_factory=dict)
    order: dict[str | None, list[Entry]] = field(default_factory=dict)

    def ordered(self, namespace: str | None) -> list[Entry]:
        found = self.order.get(namespace)
        if found is None:
            spaces = sorted(self.by_namespace) if namespace is None else [namespace]
            shelves = [self.by_namespace.get(space, {}) for space in spaces]
            found = self.order[namespace] = [names[name] for names in shelves for name in sorted(names)]
        return found


class Store:
    def __init__(self, resources: ResourceTable, journal: Journal | None = None) -> None:
        self.resources = resources
        self.journal = journal
        self.revision = 0
        self._shelves: dict[str, Shelf] = {}
        self._tickets = itertools.count()
        if journal is not None:
            try:
                self._load(journal)
            except sqlite3.DatabaseError as error:
                raise JournalError(damaged(journal.path, str(error))) from error

    def _load(self, journal: Journal) -> None:
        for resource, namespace, name, body in journal.load():
            try:
                obj = orjson.loads(body)
            except orjson.JSONDecodeError as error:
                raise JournalError(damaged(journal.path, f"{resource} {namespace}/{name}: {error}")) from error
            self._shelf(resource).by_namespace.setdefault(namespace, {})[name] = Entry(obj, body)
        self.revision = int(journal.fact("revision") or 0)
        for shelf in self._shelves.values():
            shelf.forgotten = self.revision

    def _shelf(self, resource: str) -> Shelf:
        shelf = self._shelves.get(resource)
        if shelf is None:
            shelf = self._shelves[resource] = Shelf(forgotten=self.revision)
        return shelf

    def find(self, resource: str, namespace: str, name: str) -> Obj | None:
        entry = self.entry(resource, namespace, name)
        return entry.obj if entry else None

    def entry(self, resource: str, namespace: str, name: str) -> Entry | None:
        return self._shelf(resource).by_namespace.get(namespace, {}).get(name)

    def list(self, resource: str, namespace: str | None = None) -> Sequence[Obj]:
        return [entry.obj for entry in self._shelf(resource).ordered(namespace)]

    def entries(self, resource: str, namespace: str | None = None) -> Sequence[Entry]:
        return self._shelf(resource).ordered(namespace)

    def at(self, resource: str, namespace: str | None, revision: int) -> Sequence[Entry]:
        """The objects as they were at an earlier revision: today's, with the log undone."""
        today = self.entries(resource, namespace)
        past: dict[tuple[str, str], Entry | bytes] = {_place(entry.obj): entry for entry in today}
        for record in reversed(self._shelf(resource).log):
            if record.revision <= revision:
                break
            place = record.place[1:]
            if namespace is not None and place[0] != namespace:
                continue
            if record.before is None:
                past.pop(place, None)
            else:
                past[place] = record.before
        found = (past[place] for place in sorted(past))
        return [Entry(orjson.loads(one), one) if isinstance(one, bytes) else one for one in found]

    def count(self, resource: str, namespace: str) -> int:
        return len(self._shelf(resource).by_namespace.get(namespace, {}))

    def kept(self) -> Sequence[str]:
        """The resources that have, or had, objects."""
        return list(self._shelves)

    def put(self, resource: str, obj: Obj) -> Obj:
        """Stores a new state. The object belongs to the store from here on; gets its resourceVersion here."""
        shelf, kind = self._shelf(resource), self.resources[resource]
        # Kind and version come first, so that a list can cut them off the JSON of its items.
        obj = {"kind": kind.kind, "apiVersion": kind.api_version, **obj}
        metadata = obj["metadata"]
        namespace, name = metadata.get("namespace", ""), metadata["name"]
        names = shelf.by_namespace.setdefault(namespace, {})
        self.revision += 1
        metadata["resourceVersion"] = str(self.revision)
        raw = to_json(obj)
        entry = names.get(name)
        before = None
        if entry is None:
            names[name] = Entry(obj, raw)
            shelf.order.clear()
            change = Change("ADDED", resource, None, obj)
        else:
            change, before = Change("MODIFIED", resource, entry.obj, obj), entry.raw
            entry.obj, entry.raw = obj, raw
        self._tell(shelf, Logged(self.revision, change, raw), (resource, namespace, name), before)
        return obj

    def remove(self, resource: str, namespace: str, name: str) -> Obj:
        """Takes an object away; watchers see its last state with the revision of the removal."""
        shelf = self._shelf(resource)
        names = shelf.by_namespace[namespace]
        entry = names.pop(name)
        old = entry.obj
        if not names:
            del shelf.by_namespace[namespace]
        shelf.order.clear()
        self.revision += 1
        last = {**old, "metadata": {**old["metadata"], "resourceVersion": str(self.revision)}}
        raw = to_json(last)
        change = Change("DELETED", resource, old, last)
        self._tell(shelf, Logged(self.revision, change, raw), (resource, namespace, name), entry.raw)
        return last

    def _tell(self, shelf: Shelf, logged: Logged, place: tuple[str, str, str], before: bytes | None) -> None:
        shelf.log.append(Record(logged.revision, logged.change.type, place, before, logged.raw))
        shelf.log_bytes += len(logged.raw)
        while len(shelf.log) > LOG_SIZES.get(place[0], LOG_SIZE) or shelf.log_bytes > LOG_BYTES:
            forgotten = shelf.log.popleft()
            shelf.forgotten = forgotten.revision
            shelf.log_bytes -= len(forgotten.raw)
        if self.journal is not None:
            gone = logged.change.type == "DELETED"
            self.journal.write(place, None if gone else logged.raw, self.revision)
        for listener in list(shelf.listeners.values()):
            listener(logged)

    def forget_history(self) -> None:
        """Makes everything up to now too old for a watch, as a compaction does."""
        for shelf in self._shelves.values():
            shelf.log.clear()
            shelf.log_bytes = 0
            shelf.forgotten = self.revision

    def oldest(self, resource: str) -> int:
        """A watch may start at this revision or later."""
        return self._shelf(resource).forgotten

    def since(self, resource: str, revision: int, namespace: str | None = None) -> Sequence[Logged]:
        """What changed after a revision, in one namespace or in all."""
        newer = (record for record in self._shelf(resource).log if record.revision > revision)
        return [record.logged() for record in newer if namespace is None or record.place[1] == namespace]

    def listen(self, resource: str, listener: Listener) -> Callable[[], None]:
        """Calls `listener` at every change from now on, synchronously; returns what ends it."""
        listeners, ticket = self._shelf(resource).listeners, next(self._tickets)
        listeners[ticket] = listener

        def stop() -> None:
            listeners.pop(ticket, None)

        return stop

    async def flushed(self) -> None:
        """Returns when everything so far is on disk; refuses what is not."""
        if self.journal is not None:
            try:
                await self.journal.flushed()
            except NotStored as error:
                raise _not_stored(error) from error

    async def stored(self) -> None:
        """As `flushed`, but waits until a disk that is full has room again."""
        if self.journal is not None:
            await self.journal.stored()

    def require_writable(self) -> None:
        if self.journal is not None:
            try:
                self.journal.require()
            except NotStored as error:
                raise _not_stored(error) from error


def to_json(obj: Obj) -> bytes:
    """In no more memory than it needs: orjson leaves a buffer of two to nine times that behind what it returns."""
    return memoryview(orjson.dumps(obj)).tobytes()


def _not_stored(error: NotStored) -> ApiError:
    return ApiError(500, "InternalError", f"Internal error occurred: the change could not be stored: {error}")


def _place(obj: Obj) -> tuple[str, str]:
    metadata = obj["metadata"]
    return metadata.get("namespace", ""), metadata["name"]
