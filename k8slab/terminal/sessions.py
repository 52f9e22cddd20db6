"""All terminals of this process. A page that comes back to another process begins anew: sessions are not shared."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from k8slab.kube.client import Client

from .session import Session

THREADS = 64  # commands that run at once in one process
COMPLETING = 8  # that answer Tab
MOST_OF_ONE = 6  # terminals of one student
MOST = 2000
GRACE = 20.0  # seconds that a command goes on without a page
IDLE = 900.0  # seconds that a session is kept without one


class Busy(Exception):
    """As many commands as may run are running."""


class Sessions:
    def __init__(self, threads: int = THREADS) -> None:
        self._kept: dict[str, Session] = {}
        self._left: dict[str, float] = {}  # since when nobody shows it
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(threads)
        self._completing = threading.BoundedSemaphore(COMPLETING)

    def find(self, session: str, owner: int, namespace: str) -> Session | None:
        """Nobody reaches a session of somebody else, whatever id they say."""
        found = self._kept.get(session)
        return found if found and (found.owner, found.namespace) == (owner, namespace) else None

    def open(self, owner: int, namespace: str, client: Callable[[], Client]) -> Session | None:
        """None where the student has too many that are shown."""
        self.sweep()
        own = [each for each in self._kept.values() if each.owner == owner]
        unseen = sorted((each for each in own if each.page is None), key=lambda each: self._left.get(each.id, 0))
        if len(own) >= MOST_OF_ONE or len(self._kept) >= MOST:
            if not unseen:
                return None
            self.drop(unseen[0])
        session = Session(owner, namespace, client)
        with self._lock:
            self._kept[session.id] = session
        return session

    def leave(self, session: Session) -> None:
        """Nobody shows it any more; somebody may come back."""
        self._left[session.id] = time.monotonic()

    def quiet(self, session: Session) -> None:
        """Ends what runs for nobody."""
        if session.page is None and session.working:
            session.interrupt()

    def sweep(self) -> None:
        now = time.monotonic()
        for session in list(self._kept.values()):
            if session.page is None and now - self._left.get(session.id, now) > IDLE:
                self.drop(session)

    def drop(self, session: Session) -> None:
        session.interrupt()
        with self._lock:
            self._kept.pop(session.id, None)
            self._left.pop(session.id, None)

    def start(self, work: Callable[[], None]) -> None:
        """Runs a line's commands. Raises Busy."""
        self._run(work, self._free)

    def answer(self, work: Callable[[], None]) -> None:
        """Runs what is over in a moment. Raises Busy."""
        self._run(work, self._completing)

    def _run(self, work: Callable[[], None], free: threading.BoundedSemaphore) -> None:
        """In a thread of its own: a pool's would hold up the end of the process until the last command has ended."""
        if not free.acquire(blocking=False):
            raise Busy

        def run() -> None:
            try:
                work()
            finally:
                free.release()

        threading.Thread(target=run, name="terminal", daemon=True).start()


sessions = Sessions()
