"""Talking with a container: what it writes to the screen, what is typed to it."""

from __future__ import annotations

import codecs
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from k8slab.kube.dialogue import Dialogue, Wish

from ..invocation import Invocation

WAITING = 1000  # texts that wait to be said
PIECE = 32 * 1024  # characters of one message


def converse(invocation: Invocation, path: str, wish: Wish) -> int:
    """Until the container is done: its exit code. Args: the path of a pod's exec or attach. Raises a KubeError."""
    streams = invocation.streams
    dialogue = Dialogue.begin(invocation.client.connection, path, wish)
    streams.stop.on_stop(dialogue.close)
    try:
        with _speaking(invocation, dialogue, wish) if wish.stdin else nullcontext():
            _listen(invocation, dialogue)
        streams.stop.check()
        return dialogue.exit_code or 0
    finally:
        streams.stop.forget(dialogue.close)
        dialogue.release()


def _listen(invocation: Invocation, dialogue: Dialogue) -> None:
    outs = {"stdout": invocation.streams.out, "stderr": invocation.streams.err}
    decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in outs}
    for heard in dialogue.heard():
        outs[heard.stream](decoders[heard.stream].decode(heard.data))


@contextmanager
def _speaking(invocation: Invocation, dialogue: Dialogue, wish: Wish) -> Iterator[None]:
    """Meanwhile what is typed goes to the container; a thread of its own speaks, since a slow one must stop nobody."""
    said: queue.Queue[str | None] = queue.Queue(WAITING)
    threading.Thread(target=_speak, args=(dialogue, said), name="exec input", daemon=True).start()
    streams, screen = invocation.streams, invocation.streams.screen
    try:
        if not streams.stdin.tty or screen is None:
            threading.Thread(target=_read, args=(streams.stdin.chunks, said), name="exec stdin", daemon=True).start()
            yield
            return
        forget = screen.on_resize(lambda columns, rows: dialogue.resize(columns, rows) if wish.tty else None)
        if wish.tty:
            dialogue.resize(streams.columns, streams.rows)
        with screen.typing(lambda text: _offer(said, text), lambda: _offer(said, ""), raw=wish.tty):
            yield
        forget()
    finally:
        said.put(None)


def _offer(said: queue.Queue[str | None], text: str) -> None:
    """From the page's thread, which must not wait: a container that reads nothing loses what is typed further."""
    try:
        said.put_nowait(text)
    except queue.Full:
        return


def _read(chunks: Callable[[], Iterator[str]], said: queue.Queue[str | None]) -> None:
    for text in chunks():
        said.put(text)
    said.put("")


def _speak(dialogue: Dialogue, said: queue.Queue[str | None]) -> None:
    """An empty text is the end of the input, None that of the conversation."""
    while (text := said.get()) is not None:
        if text == "":
            dialogue.end_input()
        for at in range(0, len(text), PIECE):
            dialogue.say(text[at : at + PIECE].encode("utf-8", "replace"))
