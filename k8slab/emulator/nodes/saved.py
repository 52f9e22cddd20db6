"""Volumes on disk: what hostPath and PersistentVolume directories hold, kept from one run to the next.

Written behind: at most a second after a change, in one transaction. That is what a real disk promises to a program
that does not call fsync, so a killed emulator loses no more than a machine that loses its power. Only what differs from
the last time is written; the rest is compared by identity, since files' bytes are never changed in place."""

from __future__ import annotations

import logging
import os
import posixpath
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from k8slab.emulator.clock import Clock, Timer
from k8slab.emulator.journal import VOLUMES, JournalError, damaged, open_database, unusable
from k8slab.emulator.nodes.files import Dir, File, Link, Node
from k8slab.emulator.nodes.volumes import Disks

log = logging.getLogger(__name__)
FILE = VOLUMES
DELAY_SECONDS = 1.0
SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    kind TEXT NOT NULL, root TEXT NOT NULL, path BLOB NOT NULL,
    type TEXT NOT NULL, mode INTEGER NOT NULL, mtime REAL NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (kind, root, path)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cut_nodes (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
PUT = "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)"
REMOVE = "DELETE FROM entries WHERE kind = ? AND root = ? AND path = ?"

Place = tuple[str, str, bytes]
Entry = tuple[str, int, float, bytes]


class DiskStore:
    """`disks` as they were left, and from now on kept."""

    def __init__(self, directory: Path, clock: Clock) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._timer: Timer | None = None
        self._saved: dict[Place, Entry] = {}
        self._path = directory / FILE
        self.disks = Disks()
        try:
            self._db = open_database(self._path, SCHEMA)
        except sqlite3.Error as error:
            raise unusable(self._path, error) from error
        try:
            self._load()
        except (sqlite3.Error, TypeError, ValueError, KeyError, AttributeError) as error:  # rows that make no sense
            self._db.close()
            raise JournalError(damaged(self._path, str(error))) from error
        self.disks.touched = self._soon

    def _load(self) -> None:
        for row in self._db.execute("SELECT * FROM entries ORDER BY kind, root, path"):
            place, entry = (row[0], row[1], bytes(row[2])), (row[3], row[4], row[5], bytes(row[6]))
            self._saved[place] = entry
            self.disks.restore(place[0], place[1], os.fsdecode(place[2]), _node(entry))
        self.disks.cut = {name for (name,) in self._db.execute("SELECT name FROM cut_nodes")}

    def _soon(self) -> None:
        if self._timer is None:
            self._timer = self._clock.call_later(DELAY_SECONDS, self.save)

    def save(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = dict(self._entries())
        changed = [(*place, *entry) for place, entry in now.items() if self._saved.get(place) != entry]
        gone = self._saved.keys() - now.keys()
        try:
            self._db.execute("BEGIN")
            self._db.executemany(PUT, changed)
            self._db.executemany(REMOVE, list(gone))
            self._db.execute("DELETE FROM cut_nodes")
            self._db.executemany("INSERT INTO cut_nodes VALUES (?)", [(name,) for name in self.disks.cut])
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            log.error("the volumes in %s cannot be written: %s", self._path, error)
            self._soon()
        else:
            self._saved = now

    def close(self) -> None:
        self.save()
        if self._timer is not None:  # it failed, and there is no later
            self._timer.cancel()
        self._db.close()

    def _entries(self) -> Iterator[tuple[Place, Entry]]:
        for kind, roots in self.disks.roots().items():
            for name, root in roots.items():
                for path, node in _walk("/", root):
                    yield (kind, name, os.fsencode(path)), _entry(node)


def _walk(path: str, node: Node) -> Iterator[tuple[str, Node]]:
    yield path, node
    if isinstance(node, Dir):
        for name, entry in node.entries.items():
            yield from _walk(posixpath.join(path, name), entry)


def _entry(node: Node) -> Entry:
    if isinstance(node, Dir):
        return "d", node.mode, node.mtime, b""
    if isinstance(node, Link):
        return "l", 0o777, 0.0, os.fsencode(node.target)
    return "f", node.mode, node.mtime, node.data


def _node(entry: Entry) -> Node:
    kind, mode, mtime, data = entry
    if kind == "d":
        return Dir(mode=mode, mtime=mtime)
    return Link(os.fsdecode(data)) if kind == "l" else File(data, mode, mtime)
