"""`--repair`: a new database of everything in a damaged one that can still be read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from k8slab.emulator.journal import DATABASE, FACT, PUT, lock, open_database

OBJECTS = "SELECT resource, namespace, name, body FROM objects ORDER BY resource {0}, namespace {0}, name {0}"
FACTS = "SELECT name, value FROM facts ORDER BY name {0}"
Row = tuple[Any, ...]


def repair(directory: Path) -> str:
    """Does it; what to tell about it. The damaged file is kept under another name."""
    path = directory / DATABASE
    if not path.exists():
        return f"nothing to repair: there is no {path}"
    held = lock(directory / "lock")
    try:
        objects, facts = _salvaged(path)
        whole = {place: body for place, body in objects.items() if _is_object(body)}
        fresh = directory / "cluster.db.new"
        fresh.unlink(missing_ok=True)
        _write(fresh, whole, facts)
        kept = _free_name(path)
        for suffix in ("-wal", "-shm"):
            beside = path.with_name(path.name + suffix)
            if beside.exists():
                beside.rename(kept.with_name(kept.name + suffix))
        path.rename(kept)
        fresh.rename(path)
    finally:
        os.close(held)
    unreadable = len(objects) - len(whole)
    return f"{len(whole)} objects kept, {unreadable} found unreadable; the damaged database is now {kept}"


def _salvaged(path: Path) -> tuple[dict[Row, Any], dict[str, str]]:
    try:
        database = sqlite3.connect(path, isolation_level=None)
    except sqlite3.Error:
        return {}, {}
    try:
        objects = {row[:3]: row[3] for row in _rows(database, OBJECTS)}
        facts = {str(name): str(value) for name, value in _rows(database, FACTS)}
    finally:
        database.close()
    return objects, facts


def _rows(database: sqlite3.Connection, query: str) -> Iterator[Row]:
    """From the front as far as it goes, then from the back: a bad page in the middle hides only what is on it."""
    for direction in ("ASC", "DESC"):
        try:
            yield from database.execute(query.format(direction))
        except sqlite3.Error:
            continue
        return


def _is_object(body: Any) -> bool:
    try:
        obj = orjson.loads(body)
    except (orjson.JSONDecodeError, TypeError):
        return False
    return isinstance(obj, dict) and isinstance(obj.get("metadata"), dict)


def _write(path: Path, objects: dict[Row, Any], facts: dict[str, str]) -> None:
    versions = [orjson.loads(body)["metadata"].get("resourceVersion", "0") for body in objects.values()]
    newest = max([int(facts.get("revision") or 0), *(int(one) for one in versions if str(one).isdigit())])
    database = open_database(path)
    with database:
        database.execute("BEGIN")
        database.executemany(PUT, [(*place, body) for place, body in objects.items()])
        database.executemany(FACT, list({**facts, "revision": str(newest)}.items()))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _free_name(path: Path) -> Path:
    number = 1
    while (found := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return found
