"""One terminal: its shell, its output, and the command that runs. Lives as long as somebody may come back to it.

Lines run in a thread of the pool that `start` puts them into; everything else is called from the websocket's loop.
"""

from __future__ import annotations

import contextlib
import logging
import re
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from django.utils import translation

from k8slab.kube.client import Client
from k8slab.kube.errors import KubeError

from . import cleaning
from .files import EditorFiles
from .keyboard import Keyboard
from .kubectl.completing import Names
from .kubectl.program import kubectl
from .kubectl.wording import error_line
from .messages import EditAsked, FileWritten, Mode, Ready, TerminalToPage
from .scrollback import Flooded, Scrollback
from .shell.parser import parse
from .shell.running import Shell
from .shell.state import State
from .shell.tree import Incomplete, Script, SyntaxProblem
from .streams import Interrupted, Stop, Streams

log = logging.getLogger(__name__)

PROMPT, MORE = "$ ", "> "
INTERRUPTED = 130
LONGEST_INPUT = 1024 * 1024  # characters of a line with its here-documents
LONGEST_KEYS = 64 * 1024  # characters of one message of keys
MOST_LINES = 2000  # that wait
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


class Page(Protocol):
    """Whoever shows the session now."""

    def wake(self) -> None:
        """From any thread: there is something to send."""
        ...


class Session:
    """`client` gives the student's client, newly asked for each command: a cluster may come back elsewhere."""

    def __init__(self, owner: int, namespace: str, client: Callable[[], Client]) -> None:
        self.id = secrets.token_urlsafe(16)
        self.owner = owner
        self.namespace = namespace
        self.client = client
        self.page: Page | None = None
        self.columns, self.rows = 80, 24
        self.colours = True
        self.language = "en"
        self.taken = 0  # the last line that arrived
        self.mode: Mode = "ready"
        self.kept: dict[str, str] = {}
        self.link: Callable[[str, str, str, int], str] | None = None
        self.scrollback = Scrollback(self._wake)
        self.keyboard = Keyboard()
        self.files = EditorFiles(self._wrote)
        self.shell = Shell(State(self._kubectl))
        self.names = Names()
        self._messages: deque[TerminalToPage] = deque(maxlen=200)
        self._written: dict[str, str] = {}  # the newest text of each file that the page has not been told of
        self._lines: deque[str] = deque()
        self._begun: list[str] = []  # lines of a command that goes on
        self._working = False
        self._lock = threading.Lock()
        self._stop = Stop()
        self._screen_text: cleaning.ScreenText | None = None
        self._resized: list[Callable[[int, int], None]] = []
        self._edits: dict[int, tuple[threading.Event, list[str | None]]] = {}
        self.asked_edit: EditAsked | None = None

    # --- towards the page -------------------------------------------------------------------------------------------
    @property
    def prompt(self) -> str:
        return "" if self.mode != "ready" else (MORE if self._begun else PROMPT)

    def tell(self, message: TerminalToPage) -> None:
        self._messages.append(message)
        self._wake()

    def _wrote(self, name: str, text: str) -> None:
        self._written[name] = text
        self._wake()

    def untold(self) -> Iterator[TerminalToPage]:
        written, self._written = self._written, {}
        for name, text in written.items():
            yield FileWritten(type="file", name=name, text=text)
        while self._messages:
            yield self._messages.popleft()

    def state(self) -> Ready:
        return Ready(type="mode", mode=self.mode, prompt=self.prompt)

    def _wake(self) -> None:
        if self.page is not None:
            self.page.wake()

    def _enter(self, mode: Mode) -> None:
        self.mode = mode
        self.tell(self.state())

    # --- from the page ----------------------------------------------------------------------------------------------
    def take_lines(self, text: str, start: Callable[[Callable[[], None]], None]) -> None:
        """One line or several; `start` runs something in a thread. Raises what `start` raises."""
        with self._lock:
            self._lines.extend(_LINE_ENDS.split(text)[: MOST_LINES - len(self._lines)])
            if self._working:
                return
            self._working = True
        self._stop = self.keyboard.stop = Stop()
        try:
            start(self._work)
        except BaseException:
            self._lines.clear()
            self._working = False
            raise

    @property
    def working(self) -> bool:
        return self._working

    def interrupt(self) -> None:
        """Ctrl-C: ends the command, or the line that was begun."""
        with self._lock:
            self._lines.clear()
            working = self._working
        if working:
            self._stop.set()
            self.keyboard.wake()
        elif self._begun:
            self._begun = []
            self.tell(self.state())

    def type(self, text: str) -> None:
        """Keys, or whole lines, for the command that runs. Lines are echoed; an interactive program echoes itself."""
        text = text[:LONGEST_KEYS]
        if self.mode != "raw":
            self.scrollback.write(cleaning.plain(text))
        self.keyboard.put(text)

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        for told in list(self._resized):
            told(columns, rows)

    def edited(self, number: int, text: str | None) -> None:
        waiting = self._edits.get(number)
        if waiting:
            waiting[1].append(text)
            waiting[0].set()

    # --- the thread -------------------------------------------------------------------------------------------------
    def _work(self) -> None:
        """Runs what waits, line after line."""
        try:
            while (line := self._next_line()) is not None:
                with translation.override(self.language):
                    self._run_line(line)
        except Exception:  # the edge of the thread: whatever it was, the terminal goes on
            log.exception("terminal of %s: a line failed", self.namespace)
            self._say_error("terminal: something went wrong here; the line was given up")
            with self._lock:
                self._lines.clear()
                self._rest()

    def _next_line(self) -> str | None:
        with self._lock:
            left = self.keyboard.left()
            if left:
                self._lines.extend(_LINE_ENDS.split(left.removesuffix("\n")))
            if self._lines:
                return self._lines.popleft()
            self._rest()
            return None

    def _rest(self) -> None:
        """No thread works any more; under the lock, so that no line falls between two threads."""
        self._working = False
        self._enter("ready")

    def _run_line(self, line: str) -> None:
        line = line.encode("utf-8", "replace").decode()
        self.scrollback.write(cleaning.plain(f"{MORE if self._begun else PROMPT}{line}\n"))
        self.shell.state.remember(line if not self._begun else "")
        self._begun.append(line)
        script = self._script()
        if script is None:
            return
        self._begun = []
        self._enter("running")
        self._run(script)

    def _script(self) -> Script | None:
        """None while the line goes on."""
        text = "\n".join(self._begun)
        try:
            if len(text) > LONGEST_INPUT:
                raise SyntaxProblem("bash: line too long")
            return parse(text)
        except Incomplete:
            return None
        except SyntaxProblem as problem:
            self._say_error(str(problem))
            self.shell.state.code = 2
            return Script(())

    def _run(self, script: Script) -> None:
        self.scrollback.begin_command()
        try:
            self.shell.run_line(script, self._streams())
        except Interrupted:
            self.scrollback.write("^C\r\n")
            self.shell.state.code = INTERRUPTED
            self._after_interrupt()
        except Flooded:
            self.shell.state.code = INTERRUPTED
            self._say_error("\n… output cut at 1 MB: | head, | grep or --tail make it shorter")

    def _after_interrupt(self) -> None:
        self._lines.clear()
        self.keyboard.left()
        self._stop = self.keyboard.stop = Stop()

    def _streams(self) -> Streams:
        return Streams(
            out=self._out,
            err=self._err,
            stdin=self.keyboard,
            files=self.files,
            stop=self._stop,
            tty=True,
            columns=self.columns,
            rows=self.rows,
            edit=self._edit,
            screen=self,
            kept=self.kept,
            link=self.link,
        )

    def _kubectl(self, words: Sequence[str], streams: Streams) -> int:
        """An alias of the program, with the student's client."""
        try:
            client = self.client()
        except KubeError as error:
            streams.err(f"{error_line(error)}\n")
            return 1
        return kubectl(words, client, self.kept.get("namespace") or self.namespace, streams)

    # --- what a command is given ------------------------------------------------------------------------------------
    def _out(self, text: str) -> None:
        if text:
            cleaned = self._screen_text.clean(text) if self._screen_text else cleaning.plain(text)
            self.scrollback.write(cleaned, self._stop)

    def _err(self, text: str) -> None:
        if text:
            colour = cleaning.YELLOW if text.startswith("Warning:") else cleaning.RED
            self.scrollback.write(self._coloured(text, colour), self._stop)

    def _say_error(self, text: str) -> None:
        self.scrollback.write(self._coloured(f"{text}\n", cleaning.RED))

    def _coloured(self, text: str, colour: str) -> str:
        cleaned = cleaning.plain(text)
        if not self.colours or self.shell.state.variables.get("NO_COLOR"):
            return cleaned
        body = cleaned.removesuffix("\r\n")
        return f"{colour}{body}{cleaning.RESET}{cleaned[len(body) :]}" if body else cleaned

    def clear(self) -> None:
        self.scrollback.clear()
        self.scrollback.write(cleaning.CLEAR)

    @contextlib.contextmanager
    def typing(self, typed: Callable[[str], None], ended: Callable[[], None], *, raw: bool) -> Iterator[None]:
        if raw:
            self._screen_text = cleaning.ScreenText()
            self._enter("raw")
        self.keyboard.listen(typed, ended)
        try:
            yield
        finally:
            self.keyboard.listen(None, None)
            if raw:
                self._screen_text = None
                self.scrollback.write(cleaning.leave_raw())
                self._enter("running")

    def on_resize(self, told: Callable[[int, int], None]) -> Callable[[], None]:
        self._resized.append(told)
        return lambda: self._resized.remove(told)

    def _edit(self, name: str, text: str) -> str | None:
        """Opens the page's editor and waits for its answer."""
        number = secrets.randbelow(2**31)
        done, answer = threading.Event(), list[str | None]()
        self._edits[number] = (done, answer)
        self.asked_edit = EditAsked(type="edit", id=number, name=name, text=text)
        self._stop.on_stop(done.set)
        try:
            self.tell(self.asked_edit)
            done.wait()
            self._stop.check()
            return answer[0]
        finally:
            self.asked_edit = None
            self._stop.forget(done.set)
            del self._edits[number]
