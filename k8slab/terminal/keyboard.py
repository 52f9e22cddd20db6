"""What is typed while a command runs."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator

from .streams import Stop

MOST = 64 * 1024  # characters that wait for somebody to read them


class Keyboard:
    """A command's standard input. What no command has read is the shell's next lines, as in any terminal."""

    tty = True

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()
        self._size = 0
        self._ended = False
        self._news = threading.Condition()
        self._typed: Callable[[str], None] | None = None
        self._over: Callable[[], None] | None = None
        self.stop = Stop()  # of the command that reads

    def listen(self, typed: Callable[[str], None] | None, over: Callable[[], None] | None) -> None:
        """Somebody is told instead of asking; None ends it."""
        with self._news:
            waiting = [*self._waiting] if typed else []
            self._typed, self._over = typed, over
            if typed:
                self._waiting.clear()
                self._size = 0
        for text in waiting:
            assert typed
            typed(text)

    def put(self, text: str) -> None:
        with self._news:
            typed = self._typed
            if typed is None and self._size + len(text) <= MOST:
                self._waiting.append(text)
                self._size += len(text)
            self._news.notify_all()
        if typed:
            typed(text)

    def end(self) -> None:
        """Ctrl-D"""
        with self._news:
            over = self._over
            self._ended = over is None
            self._news.notify_all()
        if over:
            over()

    def wake(self) -> None:
        with self._news:
            self._news.notify_all()

    def read(self) -> str:
        return "".join(self.chunks())

    def chunks(self) -> Iterator[str]:
        """Until Ctrl-D. Raises Interrupted at the stop."""
        while (text := self._next()) is not None:
            yield text

    def _next(self) -> str | None:
        with self._news:
            while not self._waiting and not self._ended:
                self.stop.check()
                self._news.wait()
            self.stop.check()
            if self._waiting:
                text = self._waiting.popleft()
                self._size -= len(text)
                return text
            self._ended = False
            return None

    def left(self) -> str:
        """What nobody has read, taken away."""
        with self._news:
            text = "".join(self._waiting)
            self._waiting.clear()
            self._size, self._ended = 0, False
            return text
