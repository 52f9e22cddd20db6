"""A terminal between a person and processes: it echoes, edits a line, turns keys into signals."""

from __future__ import annotations

import asyncio
import codecs
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from k8slab.emulator.nodes.streams import Writer

INTERRUPT, END, BACKSPACE, ERASE, KILL_LINE, KILL_WORD, ESCAPE = "\x03", "\x04", "\b", "\x7f", "\x15", "\x17", "\x1b"
BELL = b"\a"
LONGEST_LINE = 4096
INTERRUPTED = 130  # the code of what Ctrl-C ended
MOST_UNREAD = 64 * 1024  # typed ahead; what is more is not taken
UP, DOWN = "\x1b[A", "\x1b[B"


T = TypeVar("T")


class Interrupted(Exception):
    """Ctrl-C."""


class Terminal:
    """Processes read lines of it (`streams.Reader`) and write to it (`streams.Writer`)."""

    def __init__(self, screen: Writer) -> None:
        self._screen = screen
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._line = ""
        self._escape = ""
        self._ready: deque[bytes] = deque()
        self._came = asyncio.Event()
        self._hung_up = False
        self.size = (80, 24)  # columns and rows
        self.interrupt: Callable[[], None] = lambda: None  # what Ctrl-C does to whoever is in the foreground
        self.history: list[str] | None = None  # a shell's, while it waits for a command
        self._at = 0

    # The processes' side

    async def read(self) -> bytes:
        while not self._ready and not self._hung_up:
            self._came.clear()
            await self._came.wait()
        return self._ready.popleft() if self._ready else b""

    async def write(self, data: bytes) -> None:
        await self._screen.write(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    async def foreground(self, work: Coroutine[Any, Any, T]) -> T:
        """Lets Ctrl-C end the work; then raises Interrupted."""
        task, before, came = asyncio.ensure_future(work), self.interrupt, False

        def interrupt() -> None:
            nonlocal came
            came = True
            task.cancel()

        self.interrupt = interrupt
        try:
            return await task
        except asyncio.CancelledError as error:
            if came:
                raise Interrupted from error
            raise
        finally:
            self.interrupt = before

    # The person's side

    async def type(self, data: bytes) -> None:
        """b"" hangs up: whoever reads has come to the end."""
        if not data:
            self._hung_up = True
            self._came.set()
            return
        echo = "".join(self._key(key) for key in self._decoder.decode(data))
        if echo:
            await self._screen.write(echo.encode())

    def resize(self, columns: int, rows: int) -> None:
        self.size = (columns, rows)

    def _key(self, key: str) -> str:
        """What the screen shows of it."""
        if self._escape or key == ESCAPE:
            return self._escaped(key)
        if key in "\r\n":
            return self._enter()
        if key == INTERRUPT:
            self._line, self._ready = "", deque()
            self.interrupt()
            return "^C\r\n"
        if key == END:
            self._end()
            return ""
        if key in (ERASE, BACKSPACE):
            return self._erase(1)
        if key == KILL_LINE:
            return self._erase(len(self._line))
        if key == KILL_WORD:
            kept = self._line.rstrip().rpartition(" ")
            return self._erase(len(self._line) - len(kept[0]) - len(kept[1]))
        if (key < " " and key != "\t") or len(self._line) >= LONGEST_LINE:
            return ""
        self._line += key
        return key

    def _enter(self) -> str:
        line, self._line = self._line, ""
        if sum(map(len, self._ready)) > MOST_UNREAD:
            return BELL.decode()
        if self.history is not None and line.strip():
            self.history.append(line)
        self._at = 0
        self._give(line + "\n")
        return "\r\n"

    def _end(self) -> None:
        """Ctrl-D hands over what is there; nothing is the end."""
        line, self._line = self._line, ""
        self._give(line)

    def _give(self, text: str) -> None:
        self._ready.append(text.encode())
        self._came.set()

    def _erase(self, count: int) -> str:
        count = min(count, len(self._line))
        self._line = self._line[: len(self._line) - count]
        return "\b \b" * count

    def _escaped(self, key: str) -> str:
        """Keys that send more than one character. The arrows go through a shell's history."""
        self._escape += key
        is_over = (len(self._escape) > 2 and "@" <= key <= "~") or (len(self._escape) == 2 and key not in "[O")
        if not is_over:
            return ""
        sequence, self._escape = self._escape.replace("\x1bO", "\x1b["), ""
        if sequence not in (UP, DOWN) or not self.history:
            return ""
        self._at = max(0, min(len(self.history), self._at + (1 if sequence == UP else -1)))
        shown = self._erase(len(self._line))
        self._line = self.history[-self._at] if self._at else ""
        return shown + self._line
