"""Logs of one or several containers: in turn, or, followed, as they come."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from k8slab.kube.errors import KubeError
from k8slab.kube.logs import LogStream

from ..invocation import Invocation
from ..wording import error_line

WAITING = 1000  # pieces that wait to be shown


@dataclass(frozen=True, slots=True)
class Source:
    """`prefix` stands before each line."""

    path: str
    query: Sequence[tuple[str, str]]
    prefix: str = ""


class _Lines:
    """Puts the prefix before each line, however the text comes."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._begun = False

    def marked(self, text: str) -> str:
        if not self._prefix or not text:
            return text
        head = "" if self._begun else self._prefix
        self._begun = not text.endswith("\n")
        body = text if self._begun else text[:-1]
        return head + body.replace("\n", f"\n{self._prefix}") + ("" if self._begun else "\n")


def in_turn(invocation: Invocation, sources: Sequence[Source], *, follow: bool, ignore: bool) -> None:
    """One after the other. `ignore` tells of errors and goes on."""
    for source in sources:
        try:
            _read(invocation, source, follow, invocation.streams.out)
        except KubeError as error:
            if not ignore:
                raise
            invocation.warn(error_line(error))


def together(invocation: Invocation, sources: Sequence[Source], *, ignore: bool) -> None:
    """All at once, as lines come; a thread reads each."""
    pieces: queue.Queue[str | KubeError | None] = queue.Queue(WAITING)
    for source in sources:
        arguments = (invocation, source, pieces)
        threading.Thread(target=_follow, args=arguments, name="log", daemon=True).start()
    open_streams = len(sources)
    while open_streams:
        invocation.streams.stop.check()
        try:
            piece = pieces.get(timeout=0.25)
        except queue.Empty:
            continue
        if piece is None:
            open_streams -= 1
        elif isinstance(piece, str):
            invocation.streams.out(piece)
        elif ignore:
            invocation.warn(error_line(piece))
        else:
            raise piece


def _follow(invocation: Invocation, source: Source, pieces: queue.Queue[str | KubeError | None]) -> None:
    def put(piece: str | KubeError | None) -> None:
        while not invocation.streams.stop.stopped:
            try:
                return pieces.put(piece, timeout=0.25)
            except queue.Full:
                continue

    try:
        _read(invocation, source, True, put)
    except KubeError as error:
        put(error)
    put(None)


def _read(invocation: Invocation, source: Source, follow: bool, put: Callable[[str], None]) -> None:
    stop, lines = invocation.streams.stop, _Lines(source.prefix)
    stream = LogStream.open(invocation.client.connection, source.path, source.query, follow=follow)
    stop.on_stop(stream.close)
    try:
        for text in stream.texts():
            put(lines.marked(text))
    finally:
        stop.forget(stream.close)
