"""Watching a kind, in three generators, one per level of failure: a stream that ends, a list and the streams after it
until the server has forgotten where we were, and forever.

A watch blocks its thread; `Stop.set()` from another thread ends it at once.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson
import urllib3

from .client import Client
from .errors import Expired, KubeError, Unavailable
from .statuses import error_of, error_of_status

log = logging.getLogger(__name__)

STREAM = 240  # seconds after which the server ends a stream and we ask for the next
SILENCE = 15.0  # seconds more before a stream that says nothing at all is given up
RELIST = 600.0  # seconds after which everything is listed again, whatever the streams said
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0  # seconds between attempts

Obj = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """Everything there is: what is not in it is gone."""

    objects: tuple[Obj, ...]
    resource_version: str


@dataclass(frozen=True, slots=True)
class Changed:
    type: Literal["ADDED", "MODIFIED", "DELETED"]
    obj: Obj


@dataclass(frozen=True, slots=True)
class _Bookmark:
    """Nothing happened up to this resourceVersion."""

    resource_version: str


class Stop:
    """Says to watches, possibly blocked in other threads, that it is over."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._open: set[urllib3.BaseHTTPResponse] = set()

    def set(self) -> None:
        self._event.set()
        with self._lock:
            for response in self._open:
                _shut(response)

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Sleeps, unless it is over; whether it is."""
        return self._event.wait(seconds)

    def hold(self, response: urllib3.BaseHTTPResponse) -> None:
        with self._lock:
            self._open.add(response)
            if self._event.is_set():
                _shut(response)

    def release(self, response: urllib3.BaseHTTPResponse) -> None:
        with self._lock:
            self._open.discard(response)
        response.close()


@dataclass(frozen=True, slots=True)
class Watch:
    """What to watch; all namespaces unless one is given."""

    client: Client
    api_version: str
    kind: str
    namespace: str | None = None
    labels: str = ""

    def forever(self, stop: Stop) -> Iterator[Listed | Changed]:
        """Starts with a Listed; another one follows whenever something may have been missed. Ends at `stop` only."""
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                for change in self.until_expired(stop, time.monotonic() + RELIST):
                    pause = FIRST_PAUSE
                    yield change
            except Expired:
                pass
            except KubeError as error:
                if stop.is_set():
                    return
                log.warning("watch of %s: %s; next attempt in %.1f s", self.kind, error, pause)
                stop.wait(pause * random.uniform(0.5, 1.0))  # noqa: S311  # jitter, no secret
                pause = min(2 * pause, LONGEST_PAUSE)

    def until_expired(self, stop: Stop, until: float = float("inf")) -> Iterator[Listed | Changed]:
        """One list, then streams that go on from it. Raises Expired when the server no longer knows the place."""
        listing = self.client.list(self.api_version, self.kind, self.namespace, labels=self.labels)
        version = listing["metadata"]["resourceVersion"]
        yield Listed(tuple(listing["items"]), version)
        while not stop.is_set() and time.monotonic() < until:
            began = time.monotonic()
            for change in self.stream(version, stop):
                if isinstance(change, _Bookmark):
                    version = change.resource_version
                else:
                    version = change.obj["metadata"]["resourceVersion"]
                    yield change
            if time.monotonic() - began < 1:
                stop.wait(FIRST_PAUSE)  # a server that ends every stream at once is not asked without end

    def stream(self, resource_version: str, stop: Stop) -> Iterator[Changed | _Bookmark]:
        """One stream, to its end. Raises a KubeError where it breaks."""
        response = self._open(resource_version)
        stop.hold(response)
        try:
            if response.status != 200:
                raise error_of(response.status, response.read())
            for line in _lines(response):
                if stop.is_set():
                    return
                yield self._change(orjson.loads(line))
        except (urllib3.exceptions.HTTPError, OSError, orjson.JSONDecodeError) as error:
            if not stop.is_set():
                raise Unavailable(f"the watch broke off: {error}") from error
        finally:
            stop.release(response)

    def _open(self, resource_version: str) -> urllib3.BaseHTTPResponse:
        query = [("watch", "true"), ("allowWatchBookmarks", "true"), ("timeoutSeconds", str(STREAM))]
        query.append(("resourceVersion", resource_version))
        if self.labels:
            query.append(("labelSelector", self.labels))
        path = self.client.resource(self.api_version, self.kind).path(self.namespace)
        return self.client.connection.open("GET", path, query=query, timeout=STREAM + SILENCE)

    def _change(self, event: Mapping[str, Any]) -> Changed | _Bookmark:
        if event["type"] == "ERROR":
            raise error_of_status(event["object"], 500)
        if event["type"] == "BOOKMARK":
            return _Bookmark(event["object"]["metadata"]["resourceVersion"])
        return Changed(event["type"], {"apiVersion": self.api_version, "kind": self.kind, **event["object"]})


def _lines(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    rest = b""
    for piece in response.stream(65536, decode_content=True):
        *lines, rest = (rest + piece).split(b"\n")
        yield from (line for line in lines if line)


def _shut(response: urllib3.BaseHTTPResponse) -> None:
    """Wakes whoever reads from it; closing alone would leave the reader blocked."""
    try:
        response.shutdown()
    except (ValueError, RuntimeError, OSError):
        return  # it has ended meanwhile
