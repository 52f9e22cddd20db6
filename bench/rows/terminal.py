"""The terminal, measured from outside by its websocket, as a page uses it."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.measure import Measured, durations
from bench.registry import row
from bench.rows.student import EXERCISE, LESSON, guest
from bench.surroundings import Surroundings
from tests.e2e.student import Page

LINES, FLOODS = 50, 5
BIG = "x" * 99 + "\n"


class Terminal:
    """One session, ready for lines."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._numbers = itertools.count(1)
        self.say(type="attach", session="", seen=0, columns=120, rows=30)
        page.until(lambda m: m["type"] == "mode")

    def say(self, **message: object) -> None:
        self._page.socket.send(json.dumps(message))

    def run(self, text: str, **more: object) -> float:
        """Seconds from Enter to the next prompt."""
        began = time.perf_counter()
        self.say(type="line", id=next(self._numbers), text=text, **more)
        self._page.until(lambda m: m["type"] == "mode" and m["mode"] == "running")
        self._page.until(lambda m: m["type"] == "mode" and m["mode"] == "ready")
        return time.perf_counter() - began


@contextmanager
def _terminal(surroundings: Surroundings) -> Iterator[Terminal]:
    student = guest(surroundings)
    student.open(LESSON, EXERCISE)
    with student.page() as page:
        student.act(EXERCISE, "start")
        page.until(lambda m: m["type"] == "sandbox" and m["state"] == "ready")
    with student.page("/ws/terminal/") as page:
        yield Terminal(page)


@row("terminal", "terminal: `echo` → prompt again")
def echo(surroundings: Surroundings) -> Measured:
    with _terminal(surroundings) as terminal:
        return durations([terminal.run("echo hello") for _ in range(LINES)])


@row("terminal", "terminal: `kubectl get pods` → prompt again")
def get_pods(surroundings: Surroundings) -> Measured:
    with _terminal(surroundings) as terminal:
        terminal.run("kubectl create deployment web --image=nginx --replicas=3")
        return durations([terminal.run("kubectl get pods") for _ in range(LINES)])


@row("terminal", "terminal: `kubectl apply -f` → prompt again")
def apply(surroundings: Surroundings) -> Measured:
    with _terminal(surroundings) as terminal:
        terminal.run("kubectl create deployment web --image=nginx --dry-run=client -o yaml > web.yaml")
        return durations([terminal.run("kubectl apply -f web.yaml") for _ in range(LINES)])


@row("terminal", "terminal: 500 kB of output → prompt again")
def flood(surroundings: Surroundings) -> Measured:
    with _terminal(surroundings) as terminal:
        return durations([terminal.run("cat big", files={"big": BIG * 5000}) for _ in range(FLOODS)])
