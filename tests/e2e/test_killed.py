"""A process is killed in the middle of an attempt: it still ends, decided or as `error` with a retry, and heals."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from k8slab.supervisor.stack import Stack, running_stack

from .student import Student
from .test_solving import DEPLOYMENT, THREE, text

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
T = TypeVar("T")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One of its own: other tests should not feel what happens here."""
    with running_stack(tmp_path_factory.mktemp("killed")) as running:
        yield running


@pytest.mark.parametrize("process", ["worker", "watcher", "redis", "emulator", "web"])
def test_the_attempt_ends_all_the_same(stack: Stack, lessons: Path, process: str) -> None:
    student = Student(stack.url)
    student.begin_as_guest()
    student.open(DEPLOYMENT, THREE)
    with student.page() as page:
        student.act(THREE, "start")
        page.until(lambda m: m["type"] == "sandbox" and m["state"] == "ready")
    answer = student.act(THREE, "submit", text(lessons, THREE))
    os.kill(stack.pid(process), signal.SIGKILL)
    assert answer.status == 202
    attempt = ended(student)
    if attempt["submission"]["phase"] == "error":
        assert attempt["submission"]["error"]
        attempt = retried(student)
    assert attempt["state"] == "solved", json.dumps(attempt, indent=1)


def ended(student: Student) -> dict[str, Any]:
    """By asking, as a page does that has lost its socket."""
    return until(lambda: student.state(THREE), lambda a: a["submission"]["phase"] in ("decided", "error"))


def retried(student: Student) -> dict[str, Any]:
    until(lambda: student.act(THREE, "retry").status, lambda status: status == 202)
    return ended(student)


def until(ask: Callable[[], T], fits: Callable[[T], bool], patience: float = 120.0) -> T:
    """Asks again and again; a server that is away for a moment is asked again as well."""
    end = time.monotonic() + patience
    last: Any = None
    while time.monotonic() < end:
        try:
            last = ask()
            if fits(last):
                return last  # type: ignore[no-any-return]
        except (OSError, ValueError, KeyError) as error:
            last = error
        time.sleep(0.2)
    raise TimeoutError(f"still {last!r}")
