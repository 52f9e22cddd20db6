"""A damaged database is refused in one line, and what can be read of it is saved."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from k8slab.emulator.api import open_cluster
from k8slab.emulator.clock import FakeClock
from k8slab.emulator.journal import KUBECONFIG, JournalError
from k8slab.emulator.nodes.files import Dir, File
from k8slab.emulator.nodes.saved import FILE, DiskStore
from k8slab.emulator.repair import repair


def fill(data: Path, count: int) -> None:
    cluster = open_cluster(data, FakeClock())
    for number in range(count):
        body = {"metadata": {"name": f"c{number:04}", "namespace": "default"}, "data": {"k": "x" * 500}}
        cluster.store.put("configmaps", body)
    cluster.close()


def names(data: Path) -> list[str]:
    cluster = open_cluster(data, FakeClock())
    try:
        return [one["metadata"]["name"] for one in cluster.store.list("configmaps")]
    finally:
        cluster.close()


def test_a_bad_page_costs_only_what_is_on_it(tmp_path: Path) -> None:
    fill(tmp_path, 400)
    path = tmp_path / "cluster.db"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.close()
    raw = bytearray(path.read_bytes())
    middle = pages // 2 * 4096
    raw[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(raw)
    with pytest.raises(JournalError, match=r"is damaged .* --repair"):
        open_cluster(tmp_path, FakeClock())
    assert "objects kept" in repair(tmp_path)
    kept = names(tmp_path)
    assert len(kept) > 300
    assert {"c0000", "c0399"} <= set(kept)
    assert list(tmp_path.glob("cluster.db.damaged-1"))


def test_an_object_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    with sqlite3.connect(tmp_path / "cluster.db") as database:
        database.execute("UPDATE objects SET body = ? WHERE name = 'c0000'", (b'{"torn',))
    database.close()
    with pytest.raises(JournalError, match="configmaps default/c0000"):
        names(tmp_path)
    assert "1 found unreadable" in repair(tmp_path)
    assert names(tmp_path) == ["c0001"]


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cluster.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(JournalError, match="not a database"):
        open_cluster(tmp_path, FakeClock())
    assert "0 objects kept" in repair(tmp_path)
    assert names(tmp_path) == []


def test_what_is_in_order_is_left_alone(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    assert repair(tmp_path) == f"{tmp_path / 'cluster.db'} is in order"
    assert not list(tmp_path.glob("*.damaged-*"))


@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_torn_database_is_refused(tmp_path: Path, part: float) -> None:
    fill(tmp_path, 400)
    path = tmp_path / "cluster.db"
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with pytest.raises(JournalError, match=r"cluster.db is damaged .* --repair"):
        open_cluster(tmp_path, FakeClock())
    assert "objects kept" in repair(tmp_path)
    open_cluster(tmp_path, FakeClock()).close()


def test_an_emptied_database_is_refused(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    (tmp_path / KUBECONFIG).touch()
    (tmp_path / "cluster.db").write_bytes(b"")
    with pytest.raises(JournalError, match=r"is damaged \(file is empty\)"):
        open_cluster(tmp_path, FakeClock())


def test_volumes_are_saved_too(tmp_path: Path) -> None:
    store = DiskStore(tmp_path, FakeClock())
    for number in range(300):
        store.disks.of_volume("u").entries[f"f{number:03}"] = File(b"x" * 500)
    store.disks.cut.add("node-1")
    store.close()
    path = tmp_path / FILE
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 4096 // 2 * 4096
    raw[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(raw)
    with pytest.raises(JournalError, match=r"volumes.db is damaged .* --repair"):
        DiskStore(tmp_path, FakeClock())
    assert "files of volumes kept" in repair(tmp_path)
    store = DiskStore(tmp_path, FakeClock())
    root: Dir = store.disks.of_volume("u")
    assert len(root.entries) > 200
    assert store.disks.cut == {"node-1"}
    store.close()


def test_rows_of_volumes_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    store = DiskStore(tmp_path, FakeClock())
    store.disks.of_volume("u").entries["f"] = File(b"x")
    store.close()
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("UPDATE entries SET kind = 'nonsense' WHERE type = 'f'")
    database.close()
    with pytest.raises(JournalError, match=r"volumes.db is damaged .* --repair"):
        DiskStore(tmp_path, FakeClock())
    assert "1 found unreadable" in repair(tmp_path)
    DiskStore(tmp_path, FakeClock()).close()
