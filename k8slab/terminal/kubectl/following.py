"""Watches for the verbs: events as they come, until the server ends the stream or the command is over."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import orjson
import urllib3

from k8slab.kube.client import Obj
from k8slab.kube.errors import Unavailable
from k8slab.kube.statuses import error_of, error_of_status

from .invocation import Invocation
from .requests import show_warnings

LONGEST = 1800.0  # seconds of one stream; the server ends it, and then the command goes on with the next


def watch(
    invocation: Invocation,
    path: str,
    query: Sequence[tuple[str, str]],
    *,
    accept: str = "application/json",
    timeout: float = LONGEST,
) -> Iterator[tuple[str, Obj]]:
    """(type, object) of each event. Raises a KubeError for an ERROR event, Interrupted at the stop."""
    asked = [("watch", "true"), *((key, value) for key, value in query if value)]
    response = invocation.client.connection.open("GET", path, query=asked, accept=accept, timeout=timeout)
    stop = invocation.streams.stop

    def end() -> None:
        _shut(response)

    stop.on_stop(end)
    try:
        if response.status != 200:
            raise error_of(response.status, response.read())
        show_warnings(invocation, response)
        yield from _events(invocation, response)
    finally:
        stop.forget(end)
        response.close()


def _events(invocation: Invocation, response: urllib3.BaseHTTPResponse) -> Iterator[tuple[str, Obj]]:
    stop, rest = invocation.streams.stop, b""
    try:
        for piece in response.stream(65536, decode_content=True):
            stop.check()
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                event = orjson.loads(line) if line else None
                if event and event["type"] == "ERROR":
                    raise error_of_status(event["object"], 500)
                if event and event["type"] != "BOOKMARK":
                    yield event["type"], event["object"]
    except (urllib3.exceptions.ReadTimeoutError, TimeoutError):
        return  # silence for as long as was agreed
    except (urllib3.exceptions.HTTPError, OSError, json.JSONDecodeError) as error:
        stop.check()
        raise Unavailable(f"the watch broke off: {error}") from error
    stop.check()


def _shut(response: urllib3.BaseHTTPResponse) -> None:
    """Wakes whoever reads from it; closing alone would leave the reader blocked."""
    try:
        response.shutdown()
    except (ValueError, RuntimeError, OSError):
        return  # it has ended meanwhile
