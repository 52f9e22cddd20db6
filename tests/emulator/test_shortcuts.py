"""Where the fast way and the thorough one must say the same."""

from __future__ import annotations

import uuid

import orjson
import pytest

from k8slab.emulator.api import open_cluster
from k8slab.emulator.clock import FakeClock, timestamp
from k8slab.emulator.decode import duplicate_fields
from k8slab.emulator.identity import new_uid
from k8slab.emulator.nodes.files import Dir, File, FileSystem, Mount, make_tree
from k8slab.emulator.scheduler.demand import Seat


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"a": 1, "b": {"c": "x"}}', []),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', ['duplicate field "b.c"']),
        (b'{"a": "\\"", "a": "\\""}', ['duplicate field "a"']),
        (b'{"a": "\\u0022\\u0022", "b": {"c": 1, "c": 2}}', ['duplicate field "b.c"']),
        (b'{"a": "\\u0022"}', []),
        (b'{"\\u0061": 1, "a": 2}', ['duplicate field "a"']),
        (b'{"a": [{"b": ""}, {"b": "", "b": ""}]}', ['duplicate field "a[1].b"']),
    ],
)
def test_keys_that_are_there_twice_are_found(body: bytes, found: list[str]) -> None:
    assert duplicate_fields(body, orjson.loads(body)) == found


def test_uids_are_random_uuids() -> None:
    made = {new_uid() for _ in range(100)}
    assert len(made) == 100
    for text in made:
        read = uuid.UUID(text)
        assert (str(read), read.version, read.variant) == (text, 4, uuid.RFC_4122)


def test_times_are_cut_to_seconds() -> None:
    assert timestamp(1_767_225_600.999) == "2026-01-01T00:00:00Z"
    assert timestamp(1_767_225_601.0) == "2026-01-01T00:00:01Z"


def test_a_status_leaves_the_state_before_it_as_it_was() -> None:
    api = open_cluster(None, FakeClock()).api
    api.create("namespaces", {"metadata": {"name": "n"}})
    spec = {"replicas": 1, "selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}}}}
    spec["template"]["spec"] = {"containers": [{"name": "c", "image": "nginx"}]}  # type: ignore[index]  # a dict, above
    old = api.create("replicasets.apps", {"metadata": {"name": "r", "namespace": "n"}, "spec": spec})
    before = orjson.dumps(old)
    status = {"replicas": 1}
    new = api.update("replicasets.apps", {**old, "status": status}, "status")
    assert orjson.dumps(old) == before
    assert (new["status"]["replicas"], new["spec"]) == (1, old["spec"])
    status["replicas"] = 2
    assert new["status"]["replicas"] == 1
    api.patch("replicasets.apps", "r", "n", {"spec": {"replicas": 3}})
    assert old["spec"]["replicas"] == new["spec"]["replicas"] == 1


def pod(name: str, owner: str = "") -> dict[str, object]:
    owners = [{"kind": "ReplicaSet", "name": owner, "uid": owner, "controller": True}] if owner else []
    return {"metadata": {"name": name, "namespace": "n", "ownerReferences": owners}, "spec": {}}


def test_a_seat_knows_its_siblings() -> None:
    seat = Seat()
    for name, owner in (("a", "x"), ("b", "x"), ("c", "y"), ("d", "")):
        seat.add(name, pod(name, owner))
    asked = {owner: seat.siblings(pod("new", owner)) for owner in ("x", "y", "z", "")}
    assert asked == {"x": 2, "y": 1, "z": 0, "": 0}
    seat.add("a", pod("a"))  # released
    seat.remove("c")
    assert [seat.siblings(pod("new", owner)) for owner in ("x", "y")] == [1, 0]


def test_paths_are_followed_through_links_and_mounts() -> None:
    volume = Dir({"deep": Dir({"file": File(b"in the volume")})})
    files = FileSystem(
        make_tree({"/etc/name": b"image"}), {"/data/volume": Mount(volume), "/etc/one": Mount(File(b"one"))}
    )
    files.link("/data/volume", "/etc/short")
    files.link("name", "/etc/same")
    files.link("../etc/same", "/etc/twice")
    assert files.read("/etc/short/deep/file") == b"in the volume"
    assert files.real_path("/etc/short/deep/../deep/file") == "/data/volume/deep/file"
    assert files.read("/etc/twice") == b"image"
    assert files.read("/etc/one") == b"one"
    assert files.real_path("/data/volume/new") == "/data/volume/new"
    assert (files.is_dir("/data"), files.exists("/data/other"), files.exists("/etc/name/below")) == (True, False, False)
    files.link("/etc/loop", "/etc/loop")
    with pytest.raises(OSError, match="Too many levels"):
        files.read("/etc/loop")
