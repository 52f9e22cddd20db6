"""What a command of the terminal is given: its input, where its output goes, the files, and whether it is over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol


class Interrupted(Exception):
    """Ctrl-C, or the page is gone. Raised out of whatever the command was waiting in."""


class Stop:
    """Says to a command, possibly blocked in a read, that it is over. Thread-safe.

    A command that blocks in a socket registers what ends the wait (`on_stop(socket.close)`); one that waits for time
    calls `wait`, one that loops calls `check`.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._enders: list[Callable[[], None]] = []

    def set(self) -> None:
        with self._lock:
            self._event.set()
            enders, self._enders = self._enders, []
        for end in enders:
            end()

    @property
    def stopped(self) -> bool:
        return self._event.is_set()

    def on_stop(self, end: Callable[[], None]) -> None:
        """Calls `end` at the stop, at once when it has been already."""
        with self._lock:
            if not self._event.is_set():
                self._enders.append(end)
                return
        end()

    def forget(self, end: Callable[[], None]) -> None:
        with self._lock:
            self._enders = [kept for kept in self._enders if kept != end]

    def check(self) -> None:
        """Raises Interrupted after the stop."""
        if self._event.is_set():
            raise Interrupted

    def wait(self, seconds: float) -> None:
        """Sleeps; raises Interrupted as soon as it is over."""
        if self._event.wait(seconds):
            raise Interrupted


class Files(Protocol):
    """The exercise's files: a flat folder of texts, which the editor of the page shows."""

    def names(self) -> Iterable[str]: ...

    def read(self, name: str) -> str | None:
        """None where there is none of that name."""
        ...

    def write(self, name: str, text: str) -> None: ...


class Input(Protocol):
    """Standard input: a pipe, a here-document, or what is typed."""

    tty: bool

    def read(self) -> str:
        """All of it, to its end."""
        ...

    def chunks(self) -> Iterator[str]:
        """As it comes; ends at its end (Ctrl-D) or at the stop."""
        ...


@dataclass(slots=True)
class Text:
    """An input that is known already."""

    text: str = ""
    tty: bool = False

    def read(self) -> str:
        return self.text

    def chunks(self) -> Iterator[str]:
        if self.text:
            yield self.text


@dataclass(slots=True)
class MemoryFiles:
    """Files that nobody else sees: for tests and for proving solutions."""

    texts: dict[str, str] = field(default_factory=dict)

    def names(self) -> Iterable[str]:
        return sorted(self.texts)

    def read(self, name: str) -> str | None:
        return self.texts.get(name)

    def write(self, name: str, text: str) -> None:
        self.texts[name] = text


class Screen(Protocol):
    """The page's terminal itself, for what does more to it than writing lines."""

    def clear(self) -> None: ...

    def typing(
        self, typed: Callable[[str], None], ended: Callable[[], None], *, raw: bool
    ) -> AbstractContextManager[None]:
        """Meanwhile `typed` is called with what is typed, and `ended` at Ctrl-D: from the page's thread, so they must
        not block. With `raw` keys come as they are pressed, Ctrl-C and Ctrl-D as well, and what is written may move
        the cursor and use colours."""
        ...

    def on_resize(self, told: Callable[[int, int], None]) -> Callable[[], None]:
        """Calls `told(columns, rows)` at each change; what is returned ends it."""
        ...


@dataclass(slots=True)
class Streams:
    """One command's world. `out` and `err` take text as it becomes known, not lines."""

    out: Callable[[str], None]
    err: Callable[[str], None]
    stdin: Input
    files: Files
    stop: Stop
    tty: bool = False  # whether `out` is the screen and not a pipe
    columns: int = 80
    rows: int = 24
    edit: Callable[[str, str], str | None] | None = (
        None  # (file name, text) → text, None given up; opens the editor pane
    )
    screen: Screen | None = None  # None where there is no page
    link: Callable[[str, str, str, int], str] | None = (
        None  # (namespace, plural, name, port) → an address to look at it
    )
    kept: dict[str, str] = field(default_factory=dict)  # what `kubectl config` keeps for the session: "namespace"
