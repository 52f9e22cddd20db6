"""What makes the store durable: every change goes into one SQLite table, in order, one commit per turn of the loop.

A caller that has to answer somebody waits for `flushed`; nobody else does. The commits are in order, so a crash keeps
a prefix of history. A commit that fails (a full disk) is told to whoever waits, and its changes go with the next one.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
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
log = logging.getLogger(__name__)
DATABASE, VOLUMES = "cluster.db", "volumes.db"
KUBECONFIG = "kubeconfig"  # written once a start has succeeded
PUT = "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)"
REMOVE = "DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?"
FACT = "INSERT OR REPLACE INTO facts VALUES (?, ?)"

Place = tuple[str, str, str]


class JournalError(Exception):
    """The directory cannot be used; the text is for the person who started the process."""


class NotStored(Exception):
    """What was written is not on disk; the text says why."""


def damaged(path: Path, why: str) -> str:
    advice = "start once with --repair to keep what can still be read; the damaged file is kept beside it"
    return f"the database {path} is damaged ({' '.join(why.split())}): {advice}"


def unusable(path: Path, error: sqlite3.Error) -> JournalError:
    """Damaged, or in order and not to be had: read-only, locked, on a full disk."""
    code = getattr(error, "sqlite_errorcode", None)  # none where it was not SQLite that complained
    if code is None or code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return JournalError(damaged(path, str(error)))
    return JournalError(f"the database {path} cannot be used: {error}")


class Journal:
    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = lock(directory / "lock")
        self.path = directory / DATABASE
        try:
            self._db = open_database(self.path, SCHEMA)
        except sqlite3.Error as error:
            os.close(self._lock)
            raise unusable(self.path, error) from error
        self._pending: dict[Place, bytes | None] = {}
        self._facts: dict[str, str] = {}
        self._waiting: asyncio.Future[None] | None = None
        self._failure = ""  # why the last commit failed
        self._mended: asyncio.Future[None] | None = None

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
        """Returns once everything queued so far is on disk; raises NotStored where it could not be put there."""
        if self._waiting is not None:
            await asyncio.shield(self._waiting)
        elif self._failure:
            raise NotStored(self._failure)

    async def stored(self) -> None:
        """Returns once everything queued so far is on disk, however long that takes."""
        while self._waiting is not None or self._failure:
            try:
                await self.flushed()
            except NotStored:
                if self._mended is None:
                    self._mended = asyncio.get_running_loop().create_future()
                await asyncio.shield(self._mended)

    def require(self) -> None:
        """Raises NotStored while commits fail: what is refused now need not be taken back later."""
        if self._failure:
            self.flush()
        if self._failure:
            raise NotStored(self._failure)

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, None
        before, self._failure = self._failure, self._commit()
        if self._failure and not before:
            log.error("the database %s cannot be written: %s", self.path, self._failure)
        elif before and not self._failure:
            log.warning("the database %s can be written again", self.path)
            mended, self._mended = self._mended, None
            if mended is not None and not mended.done():
                mended.set_result(None)
        if waiting is None or waiting.done():
            return
        if self._failure:
            waiting.set_exception(NotStored(self._failure))
            waiting.exception()  # nobody may be waiting, which is no fault
        else:
            waiting.set_result(None)

    def _commit(self) -> str:
        """Writes what is pending; why it could not."""
        if not self._pending and not self._facts:
            return ""
        pending = self._pending
        try:
            self._db.execute("BEGIN")
            self._db.executemany(PUT, [(*place, body) for place, body in pending.items() if body is not None])
            self._db.executemany(REMOVE, [place for place, body in pending.items() if body is None])
            self._db.executemany(FACT, list(self._facts.items()))
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            return str(error)
        self._pending, self._facts = {}, {}
        return ""

    def close(self) -> None:
        """Raises NotStored where the last changes are lost."""
        self.flush()
        self._db.close()
        os.close(self._lock)
        if self._failure:
            raise NotStored(self._failure)


def lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise JournalError(f"the directory {path.parent} is in use by another emulator") from error
    return descriptor


def open_database(path: Path, schema: str) -> sqlite3.Connection:
    """Raises sqlite3.Error for a file that is no database, that is damaged, or that cannot be written."""
    if path.exists() and not path.stat().st_size and path.with_name(KUBECONFIG).exists():
        raise sqlite3.DatabaseError("file is empty")  # to SQLite that is a new one
    database = sqlite3.connect(path, isolation_level=None)
    try:
        _prepare(database, path, schema)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection, path: Path, schema: str) -> None:
    with contextlib.suppress(OSError):  # somebody else's file that we may write is good enough
        path.chmod(0o600)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.executescript(schema)
    verdict = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
