"""watch over HTTP: a bounded queue per watcher; nothing is sent before it is on disk."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from k8slab.emulator.cluster import Cluster
from k8slab.emulator.conversion import to_version
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource
from k8slab.emulator.selectors import Selector
from k8slab.emulator.status import ApiError, to_status
from k8slab.emulator.store import Entry, Logged
from k8slab.emulator.web.accept import Form, wanted_form
from k8slab.emulator.web.reading import check_options, int_option, selector_of
from k8slab.emulator.web.render import converted, render_object
from k8slab.emulator.web.request import Gone, Request
from k8slab.emulator.web.routes import Target

LONGEST_QUEUE = 10_000  # a watcher that is further behind is cut and has to list again
LARGEST_QUEUE = 32 * 1024 * 1024  # the same in bytes of JSON
SECONDS_TO_LEAVE = 2.0  # for a cut watcher to take what was sent to it, before its connection is given up
BOOKMARK_EVERY = 60.0
DEFAULT_TIMEOUT = 3600


@dataclass(slots=True)
class Watcher:
    """What one client waits for."""

    kind: Resource
    namespace: str
    selector: Selector
    form: Form
    queue: deque[Logged] = field(default_factory=deque)
    queued: int = 0  # bytes in the queue
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    overrun: asyncio.Event = field(default_factory=asyncio.Event)
    told_columns: bool = False  # a Table's columns come with its first event only

    def note(self, logged: Logged) -> None:
        if self.namespace and logged.change.new["metadata"].get("namespace") != self.namespace:
            return
        if self.overrun.is_set():
            return
        if len(self.queue) >= LONGEST_QUEUE or self.queued > LARGEST_QUEUE:
            self.queue.clear()  # it will never get them: they are not kept for it
            self.overrun.set()
        else:
            self.queue.append(logged)
            self.queued += len(logged.raw)
        self.wake.set()

    def event(self, logged: Logged, cluster: Cluster) -> bytes | None:
        """The line for a change; None where it does not concern this watcher."""
        change, kind, raw, obj = logged.change, logged.change.type, logged.raw, logged.change.new
        if self.selector:
            matched = change.old is not None and self.selector.matches(change.old)
            matches = kind != "DELETED" and self.selector.matches(obj)
            if not matched and not matches:
                return None
            kind = "MODIFIED" if matched and matches else "ADDED" if matches else "DELETED"
            if kind == "DELETED" and change.type != "DELETED" and change.old is not None:
                # It left the selection: its old state, with the revision of the change that took it away.
                version = obj["metadata"]["resourceVersion"]
                obj = {**change.old, "metadata": {**change.old["metadata"], "resourceVersion": version}}
                raw = orjson.dumps(obj)
        return event_line(kind, self.body(Entry(obj, raw), cluster))

    def body(self, entry: Entry, cluster: Cluster) -> bytes:
        if self.form in ("json", "yaml"):
            return converted(self.kind, entry)
        body = render_object(self.kind, entry.obj, self.form, cluster)
        if self.form == "table" and self.told_columns:
            return orjson.dumps({**orjson.loads(body), "columnDefinitions": None})
        self.told_columns = True
        return body

    def bookmark(self, revision: int, ends_initial: bool) -> bytes:
        metadata: Obj = {"resourceVersion": str(revision), "creationTimestamp": None}
        del metadata["creationTimestamp"]
        if ends_initial:
            metadata["annotations"] = {"k8s.io/initial-events-end": "true"}
        obj = {"kind": self.kind.kind, "apiVersion": self.kind.api_version, "metadata": metadata}
        if self.form == "table":
            table = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
            return event_line("BOOKMARK", orjson.dumps({**table, "columnDefinitions": None, "rows": []}))
        return event_line("BOOKMARK", orjson.dumps(to_version(self.kind, obj)))


def event_line(kind: str, body: bytes) -> bytes:
    return b'{"type":"' + kind.encode() + b'","object":' + body + b"}\n"


async def watch(cluster: Cluster, request: Request, target: Target) -> None:
    check_options(request, watching=True)
    form = wanted_form(request.headers.get("accept", ""))
    watcher = Watcher(target.kind, target.namespace, selector_of(request, target), form)
    timeout = int_option(request, "timeoutSeconds") or DEFAULT_TIMEOUT
    store = cluster.store
    stop = store.listen(target.kind.key, watcher.note)
    try:
        first = _first_lines(cluster, request, watcher)
        await store.flushed()
        await request.start_stream(
            b"application/json;stream=watch" if b"stream=watch" in _accept(request) else b"application/json"
        )
        await _until_gone(request, watcher, _pump(cluster, request, watcher, first), timeout)
    finally:
        stop()


def _accept(request: Request) -> bytes:
    return request.headers.get("accept", "").encode()


def _first_lines(cluster: Cluster, request: Request, watcher: Watcher) -> Sequence[bytes]:
    """Everything that the client has not seen yet: the state, or the changes since its revision."""
    store, resource = cluster.store, watcher.kind.key
    version = int(request.query.get("resourceVersion") or 0)
    initial = request.query.get("sendInitialEvents")
    wants_state = version == 0 if initial is None else request.flag("sendInitialEvents")
    if wants_state:
        entries = store.entries(resource, watcher.namespace or None)
        matching = [entry for entry in entries if not watcher.selector or watcher.selector.matches(entry.obj)]
        lines = [event_line("ADDED", watcher.body(entry, cluster)) for entry in matching]
        if initial is not None and request.flag("allowWatchBookmarks"):
            lines.append(watcher.bookmark(store.revision, True))
        return lines
    if version and version < store.oldest(resource):
        text = f"too old resource version: {version} ({store.oldest(resource)})"
        return [event_line("ERROR", orjson.dumps(to_status(ApiError(410, "Expired", text))))]
    for logged in store.since(resource, version, watcher.namespace or None) if version else ():
        watcher.note(logged)
    return []


async def _pump(cluster: Cluster, request: Request, watcher: Watcher, first: Sequence[bytes]) -> None:
    """Sends what is there and then what comes, in batches: one send per wake-up."""
    await request.stream(b"".join(first))
    if first and first[-1].startswith(b'{"type":"ERROR"'):
        return
    bookmarks = request.flag("allowWatchBookmarks")
    while True:
        try:
            await asyncio.wait_for(watcher.wake.wait(), BOOKMARK_EVERY)
        except TimeoutError:
            if bookmarks:
                await request.stream(watcher.bookmark(cluster.store.revision, False))
            continue
        watcher.wake.clear()
        await cluster.store.stored()
        watcher.queued = 0
        batch = [watcher.event(watcher.queue.popleft(), cluster) for _ in range(len(watcher.queue))]
        lines = [line for line in batch if line is not None]
        if lines:
            await request.stream(b"".join(lines))
        if watcher.overrun.is_set():
            error = ApiError(410, "Expired", "too old resource version: the watcher is too slow")
            await request.stream(event_line("ERROR", orjson.dumps(to_status(error))))
            return


async def _until_gone(request: Request, watcher: Watcher, pump: Coroutine[Any, Any, None], timeout: float) -> None:
    """Runs the pump until it ends, the client leaves or is too slow, or the time is over.

    A send to a client that left fails silently, and one to a client that does not read waits for ever.
    """
    sending = asyncio.ensure_future(pump)
    others = [asyncio.ensure_future(_disconnected(request)), asyncio.ensure_future(_too_slow(watcher))]
    try:
        await asyncio.wait({sending, *others}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        if sending.done() and not sending.cancelled():
            sending.result()
    finally:
        for task in (sending, *others):
            task.cancel()
    try:
        await asyncio.wait_for(request.stream(b"", more=False), SECONDS_TO_LEAVE)
    except TimeoutError as error:
        raise Gone from error


async def _too_slow(watcher: Watcher) -> None:
    await watcher.overrun.wait()
    await asyncio.sleep(SECONDS_TO_LEAVE)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
