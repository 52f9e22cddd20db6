from __future__ import annotations

import tracemalloc
from pathlib import Path

import orjson
import pytest

from k8slab.emulator.api import open_cluster
from k8slab.emulator.clock import FakeClock
from k8slab.emulator.journal import Journal, JournalError
from k8slab.emulator.ports import Change
from k8slab.emulator.status import ApiError
from k8slab.emulator.store import LOG_SIZES, to_json


def config_map(name: str, **data: str) -> dict[str, object]:
    return {"metadata": {"name": name, "namespace": "n"}, "data": data}


def test_it_works() -> None:
    api = open_cluster(None, FakeClock()).api
    api.create("namespaces", {"metadata": {"name": "n"}})
    made = api.create("configmaps", config_map("a", x="1"))
    assert api.get("configmaps", "a", "n") is made
    changed = api.patch("configmaps", "a", "n", {"data": {"x": "2"}})
    assert int(changed["metadata"]["resourceVersion"]) > int(made["metadata"]["resourceVersion"])
    api.delete("configmaps", "a", "n")
    assert api.find("configmaps", "a", "n") is None


def test_listeners_see_every_change_in_order() -> None:
    api = open_cluster(None, FakeClock()).api
    api.create("namespaces", {"metadata": {"name": "n"}})
    api.create("configmaps", config_map("old"))
    seen: list[Change] = []
    stop = api.subscribe("configmaps", seen.append)
    api.create("configmaps", config_map("a"))
    api.patch("configmaps", "a", "n", {"data": {"k": "v"}})
    api.delete("configmaps", "a", "n")
    stop()
    api.create("configmaps", config_map("b"))
    assert [(one.type, one.new["metadata"]["name"]) for one in seen] == [
        ("ADDED", "old"),
        ("ADDED", "a"),
        ("MODIFIED", "a"),
        ("DELETED", "a"),
    ]
    assert seen[2].old is seen[1].new


def test_a_patch_that_changes_nothing_keeps_the_revision() -> None:
    api = open_cluster(None, FakeClock()).api
    api.create("namespaces", {"metadata": {"name": "n"}})
    made = api.create("configmaps", config_map("a", x="1"))
    assert api.patch("configmaps", "a", "n", {"data": {"x": "1"}}) is made


def test_an_update_with_an_old_revision_is_a_conflict() -> None:
    api = open_cluster(None, FakeClock()).api
    api.create("namespaces", {"metadata": {"name": "n"}})
    made = api.create("configmaps", config_map("a"))
    api.patch("configmaps", "a", "n", {"data": {"x": "1"}})
    with pytest.raises(ApiError, match="the object has been modified"):
        api.update("configmaps", made)


def test_it_comes_back_from_disk(tmp_path: Path) -> None:
    cluster = open_cluster(tmp_path, FakeClock())
    cluster.api.create("namespaces", {"metadata": {"name": "n"}})
    cluster.api.create("configmaps", config_map("kept", x="1"))
    cluster.api.create("configmaps", config_map("gone"))
    cluster.api.delete("configmaps", "gone", "n")
    revision = cluster.store.revision
    cluster.close()
    again = open_cluster(tmp_path, FakeClock())
    assert again.api.get("configmaps", "kept", "n")["data"] == {"x": "1"}
    assert again.api.find("configmaps", "gone", "n") is None
    assert again.store.revision == revision
    again.close()


def test_a_directory_serves_one_process_at_a_time(tmp_path: Path) -> None:
    first = Journal(tmp_path)
    with pytest.raises(JournalError, match="in use by another emulator"):
        Journal(tmp_path)
    first.close()
    Journal(tmp_path).close()


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cluster.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(JournalError, match="is damaged"):
        Journal(tmp_path)


async def test_a_write_is_on_disk_when_flushed_returns(tmp_path: Path) -> None:
    cluster = open_cluster(tmp_path, FakeClock())
    cluster.api.create("namespaces", {"metadata": {"name": "n"}})
    await cluster.store.flushed()
    assert cluster.journal is not None
    rows = {(resource, name) for resource, _, name, _ in cluster.journal.load()}
    assert ("namespaces", "n") in rows
    cluster.close()


def test_leases_have_a_short_history() -> None:
    """Every heartbeat of every node writes one."""
    api = open_cluster(None, FakeClock()).api
    store = api._cluster.store  # type: ignore[attr-defined]  # the API of a test is always the inside one
    leases = "leases.coordination.k8s.io"
    api.create("namespaces", {"metadata": {"name": "n"}})
    api.create(leases, {"metadata": {"name": "a", "namespace": "n"}, "spec": {}})
    for number in range(LOG_SIZES[leases] + 10):
        api.patch(leases, "a", "n", {"spec": {"leaseTransitions": number}})
    assert len(store.since(leases, 0)) == LOG_SIZES[leases]
    assert store.oldest(leases) > 0


def test_json_is_kept_in_as_much_memory_as_it_has() -> None:
    obj = config_map("a", text="x" * 40_000)
    tracemalloc.start()
    kept = to_json(obj)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert orjson.loads(kept) == obj
    assert taken < len(kept) * 1.5


def test_the_past_is_told_from_the_log() -> None:
    cluster = open_cluster(None, FakeClock())
    for name in ("n", "m"):
        cluster.api.create("namespaces", {"metadata": {"name": name}})
    cluster.api.create("configmaps", config_map("stays", x="1"))
    cluster.api.create("configmaps", config_map("changes", x="old"))
    cluster.api.create("configmaps", config_map("goes", x="old"))
    then = cluster.store.revision
    cluster.api.patch("configmaps", "changes", "n", {"data": {"x": "new"}})
    cluster.api.delete("configmaps", "goes", "n")
    cluster.api.create("configmaps", config_map("comes"))
    cluster.api.create("configmaps", {"metadata": {"name": "elsewhere", "namespace": "m"}})
    past = cluster.store.at("configmaps", "n", then)
    assert [(entry.obj["metadata"]["name"], entry.obj["data"]["x"]) for entry in past] == [
        ("changes", "old"),
        ("goes", "old"),
        ("stays", "1"),
    ]
    assert all(orjson.loads(entry.raw) == entry.obj for entry in past)
    told = [logged.change for logged in cluster.store.since("configmaps", then, "n")]
    assert [(change.type, change.new["metadata"]["name"]) for change in told] == [
        ("MODIFIED", "changes"),
        ("DELETED", "goes"),
        ("ADDED", "comes"),
    ]
    assert [change.old and change.old["data"]["x"] for change in told] == ["old", "old", None]
    assert len(cluster.store.since("configmaps", then)) == 4
