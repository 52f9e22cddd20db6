"""`--repair`: new databases of everything in damaged ones that can still be read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from k8slab.emulator.journal import DATABASE, FACT, PUT, SCHEMA, VOLUMES, lock, open_database
from k8slab.emulator.nodes import saved

Row = tuple[Any, ...]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Table:
    columns: str
    key: tuple[str, ...]  # in whose order it is read, from either end
    insert: str
    is_whole: Callable[[Row], bool] = lambda row: True


@dataclass(frozen=True)
class Kind:
    """One of the databases, and what is counted when it is told what was saved."""

    file: str
    schema: str
    tables: Mapping[str, Table]
    things: str
    finish: Callable[[Tables], None] = lambda tables: None


def repair(directory: Path) -> str:
    """Does it; what to tell about it, a line for each database. A damaged file is kept under another name."""
    there = [kind for kind in KINDS if (directory / kind.file).exists()]
    if not there:
        return f"nothing to repair: there is no {directory / DATABASE}"
    held = lock(directory / "lock")
    try:
        return "\n".join(_repair(directory / kind.file, kind) for kind in there)
    finally:
        os.close(held)


def _repair(path: Path, kind: Kind) -> str:
    found = _salvaged(path, kind)
    whole = {name: [row for row in rows if kind.tables[name].is_whole(row)] for name, rows in found.items()}
    if whole == found and _is_sound(path, kind):
        return f"{path} is in order"
    kind.finish(whole)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    _write(fresh, kind, whole)
    kept = _free_name(path)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + suffix))
    path.rename(kept)
    fresh.rename(path)
    first = next(iter(kind.tables))
    unreadable = len(found[first]) - len(whole[first])
    return f"{len(whole[first])} {kind.things} kept, {unreadable} found unreadable; the damaged database is now {kept}"


def _is_sound(path: Path, kind: Kind) -> bool:
    try:
        open_database(path, kind.schema).close()
    except sqlite3.Error:
        return False
    return True


def _salvaged(path: Path, kind: Kind) -> Tables:
    try:
        database = sqlite3.connect(path, isolation_level=None)
    except sqlite3.Error:
        return {name: [] for name in kind.tables}
    try:
        return {name: _rows(database, name, table) for name, table in kind.tables.items()}
    finally:
        database.close()


def _rows(database: sqlite3.Connection, name: str, table: Table) -> list[Row]:
    """Each key once."""
    found = {row[: len(table.key)]: row for row in _read(database, name, table)}
    return list(found.values())


def _read(database: sqlite3.Connection, name: str, table: Table) -> Iterator[Row]:
    """From the front as far as it goes, then from the back: a bad page in the middle hides only what is on it."""
    for direction in ("ASC", "DESC"):
        order = ", ".join(f"{column} {direction}" for column in table.key)
        try:
            yield from database.execute(f"SELECT {table.columns} FROM {name} ORDER BY {order}")  # noqa: S608  # our own names
        except sqlite3.Error:
            continue
        return


def _write(path: Path, kind: Kind, tables: Tables) -> None:
    database = open_database(path, kind.schema)
    database.execute("BEGIN")
    for name, rows in tables.items():
        database.executemany(kind.tables[name].insert, rows)
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _free_name(path: Path) -> Path:
    number = 1
    while (found := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return found


def _is_object(row: Row) -> bool:
    try:
        obj = orjson.loads(row[3])
    except (orjson.JSONDecodeError, TypeError):
        return False
    return isinstance(obj, dict) and isinstance(obj.get("metadata"), dict)


def _is_fact(row: Row) -> bool:
    return all(isinstance(value, str) for value in row)


def _is_entry(row: Row) -> bool:
    kind, root, path, form, mode, mtime, data = row
    texts, blobs = (kind, root), (path, data)
    is_typed = all(isinstance(one, str) for one in texts) and all(isinstance(one, bytes) for one in blobs)
    is_typed = is_typed and kind in ("nodes", "volumes")
    return is_typed and isinstance(mode, int) and isinstance(mtime, int | float) and form in ("d", "f", "l")


def _newest_revision(tables: Tables) -> None:
    """No version may be given twice."""
    facts: dict[str, str] = {row[0]: row[1] for row in tables["facts"]}
    versions = [orjson.loads(row[3])["metadata"].get("resourceVersion", "0") for row in tables["objects"]]
    known = facts.get("revision", "0")
    newest = max([0, *(int(one) for one in (known, *versions) if str(one).isdigit())])
    tables["facts"] = list({**facts, "revision": str(newest)}.items())


KINDS = (
    Kind(
        DATABASE,
        SCHEMA,
        {
            "objects": Table("resource, namespace, name, body", ("resource", "namespace", "name"), PUT, _is_object),
            "facts": Table("name, value", ("name",), FACT, _is_fact),
        },
        "objects",
        _newest_revision,
    ),
    Kind(
        VOLUMES,
        saved.SCHEMA,
        {
            "entries": Table(
                "kind, root, path, type, mode, mtime, data", ("kind", "root", "path"), saved.PUT, _is_entry
            ),
            "cut_nodes": Table("name", ("name",), "INSERT INTO cut_nodes VALUES (?)"),
        },
        "files of volumes",
    ),
)
