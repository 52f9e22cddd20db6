"""What makes the store durable: every change goes into one SQLite table, in order, one commit per turn of the loop.

A caller that has to answer somebody waits for `flushed`; nobody else does. The commits are in order, so a crash keeps
a prefix of history.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (resource, namespace, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
DATABASE = "cluster.db"
PUT = "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)"
REMOVE = "DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?"
FACT = "INSERT OR REPLACE INTO facts VALUES (?, ?)"

Place = tuple[str, str, str]


class JournalError(Exception):
    """The directory cannot be used; the text is for the person who started the process."""


def damaged(path: Path, why: str) -> str:
    advice = "start once with --repair to keep what can still be read; the damaged file is kept beside it"
    return f"the database {path} is damaged ({' '.join(why.split())}): {advice}"


class Journal:
    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = lock(directory / "lock")
        self.path = directory / DATABASE
        try:
            self._db = open_database(self.path)
        except sqlite3.DatabaseError as error:
            os.close(self._lock)
            raise JournalError(damaged(self.path, str(error))) from error
        self._pending: dict[Place, bytes | None] = {}
        self._facts: dict[str, str] = {}
        self._waiting: asyncio.Future[None] | None = None

    def load(self) -> Iterator[tuple[str, str, str, bytes]]:
        return self._db.execute("SELECT resource, namespace, name, body FROM objects")

    def fact(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def keep_fact(self, name: str, value: str) -> None:
        self._facts[name] = value
        self._soon()

    def write(self, place: Place, body: bytes | None, revision: int) -> None:
        """Queues one change; None removes."""
        self._pending[place] = body
        self._facts["revision"] = str(revision)
        self._soon()

    def _soon(self) -> None:
        if self._waiting is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # no loop yet: starting up; the next flush takes it along
        self._waiting = loop.create_future()
        loop.call_soon(self.flush)

    async def flushed(self) -> None:
        """Returns once everything queued so far is on disk."""
        if self._waiting is not None:
            await asyncio.shield(self._waiting)

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, None
        pending, self._pending = self._pending, {}
        facts, self._facts = self._facts, {}
        if pending or facts:
            with self._db:
                self._db.execute("BEGIN")
                self._db.executemany(PUT, [(*place, body) for place, body in pending.items() if body is not None])
                self._db.executemany(REMOVE, [place for place, body in pending.items() if body is None])
                self._db.executemany(FACT, list(facts.items()))
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def close(self) -> None:
        self.flush()
        self._db.close()
        os.close(self._lock)


def lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise JournalError(f"the directory {path.parent} is in use by another emulator") from error
    return descriptor


def open_database(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    try:
        _prepare(database, path)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    """Raises DatabaseError for a file that is none, or that is damaged."""
    path.chmod(0o600)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.executescript(SCHEMA)
    verdict = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
