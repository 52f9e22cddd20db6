from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from k8slab.catalog import shelf
from tests.catalog.small_course import change


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "SWEEP_EVERY", 0.0)


def touch(path: Path) -> None:
    """A new time of change, whatever the clock's grain."""
    later = path.stat().st_mtime_ns + 1_000_000
    os.utime(path, ns=(later, later))


def test_it_works(root: Path, settings: Any) -> None:
    settings.LESSONS_DIR = root
    assert [lesson.id for lesson in shelf.current().lessons()] == ["pods"]


def test_the_same_course_while_nothing_changes(root: Path, at_once: None) -> None:
    kept = shelf.Shelf(root)
    assert kept.course() is kept.course()


def test_a_changed_file_is_read_again(root: Path, at_once: None) -> None:
    kept = shelf.Shelf(root)
    kept.course()
    change(root, "10-basics/10-pods/lesson.yaml", "minutes: 10", "minutes: 20")
    touch(root / "10-basics/10-pods/lesson.yaml")
    assert kept.course().lessons()[0].minutes == 20


def test_a_new_and_a_lost_file_are_noticed(root: Path, at_once: None) -> None:
    kept = shelf.Shelf(root)
    kept.course()
    (root / "10-basics/10-pods/ko.md").unlink()
    assert kept.course().lessons() == ()
    assert kept.course().problems


def test_the_disk_is_looked_at_once_a_second_at_most(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Path] = []
    stamp = shelf.stamp
    monkeypatch.setattr(shelf, "stamp", lambda folder: looks.append(folder) or stamp(folder))
    kept = shelf.Shelf(root)
    for _ in range(50):
        kept.course()
    assert len(looks) == 1


def test_many_threads_read_it_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Path] = []
    load = shelf.load
    monkeypatch.setattr(shelf, "load", lambda folder: reads.append(folder) or load(folder))
    kept = shelf.Shelf(root)
    threads = [threading.Thread(target=kept.course) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reads) == 1
