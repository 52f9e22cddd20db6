from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from k8slab.emulator.clock import FakeClock, settle
from k8slab.emulator.journal import JournalError
from k8slab.emulator.nodes.saved import FILE, DiskStore
from k8slab.emulator.status import ApiError
from tests.emulator.world import World, open_world

FAST = [{"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5}]


def ready(world: World, name: str) -> str:
    conditions = world.api.get("nodes", name)["status"]["conditions"]
    return str(next(c["status"] for c in conditions if c["type"] == "Ready"))


async def on(world: World, node: str, name: str, image: str = "nginx:1.25", **spec: Any) -> str:
    await world.pod(name, image, nodeSelector={"kubernetes.io/hostname": node}, **spec)
    return str(world.get("pods", name)["status"]["podIP"])


async def test_a_failed_node_is_silent_and_its_pods_cannot_be_reached(world: World) -> None:
    ip = await on(world, "node-1", "web")
    await on(world, "node-2", "client", "busybox:1.36", container={"command": ["sleep", "9999"]})
    world.nodes.fail("node-1")
    asked = asyncio.ensure_future(world.sh("client", f"wget -qO- -T 2 http://{ip}/"))
    await settle()
    await world.clock.advance(2)
    assert await asked == "wget: download timed out\n"
    with pytest.raises(ApiError) as failed:
        await world.run("web", "true")
    assert failed.value.message == "error dialing backend: dial tcp 172.18.0.2:10250: i/o timeout"
    with pytest.raises(ApiError, match=r'^Get "https://172.18.0.2:10250/containerLogs/t/web/c": dial tcp'):
        await world.log("web")
    await world.clock.advance(60)
    assert (ready(world, "node-1"), ready(world, "node-2")) == ("Unknown", "True")


async def test_a_healed_node_goes_on_with_what_was_not_deleted(world: World) -> None:
    await on(world, "node-1", "stays")
    await on(world, "node-1", "goes", tolerations=FAST)
    started = world.state("stays")["running"]["startedAt"]
    world.nodes.fail("node-1")
    await world.clock.advance(120)
    assert "deletionTimestamp" in world.get("pods", "goes")["metadata"]
    world.nodes.heal("node-1")
    await settle()
    await world.clock.advance(31)
    assert ready(world, "node-1") == "True"
    assert "taints" not in world.api.get("nodes", "node-1")["spec"]
    assert world.names("pods") == ["stays"]
    assert world.state("stays")["running"]["startedAt"] == started
    conditions = {c["type"]: c["status"] for c in world.get("pods", "stays")["status"]["conditions"]}
    assert conditions["Ready"] == "True"
    assert (await world.run("stays", "true"))[0] == 0


async def test_what_was_deleted_by_force_meanwhile_runs_until_the_node_is_back(world: World) -> None:
    volume = {"volumes": [{"name": "d", "hostPath": {"path": "/data"}}]}
    mounted: dict[str, Any] = {"command": ["sh", "-c", "while true; do echo x >> /d/log; sleep 1; done"]}
    mounted["volumeMounts"] = [{"name": "d", "mountPath": "/d"}]
    await on(world, "node-1", "p", "busybox:1.36", container=mounted, **volume)
    world.nodes.fail("node-1")
    await world.delete("pods", "p", grace_seconds=0)
    assert world.find("pods", "p") is None
    await world.clock.advance(10)
    world.nodes.heal("node-1")
    await world.clock.advance(30)
    await on(world, "node-1", "q", "busybox:1.36", container={**mounted, "command": ["sleep", "9"]}, **volume)
    assert (await world.sh("q", "wc -l < /d/log")).strip() in ("11", "12")


async def test_nodes_come_with_labels_and_taints_and_go_with_their_pods(world: World) -> None:
    taint = {"key": "lab", "value": "x", "effect": "NoSchedule"}
    world.nodes.add("private-1", labels={"lab": "x"}, taints=[taint])
    assert list(world.nodes.names()) == ["node-1", "node-2", "node-3", "private-1"]
    with pytest.raises(ApiError, match="already exists"):
        world.nodes.add("private-1")
    node = world.api.get("nodes", "private-1")
    assert node["metadata"]["labels"]["lab"] == "x"
    assert node["spec"]["taints"] == [taint]
    await world.pod("p", "nginx:1.25", nodeSelector={"lab": "x"}, tolerations=[{"operator": "Exists"}])
    assert world.get("pods", "p")["status"]["phase"] == "Running"
    world.nodes.remove("private-1")
    await settle()
    assert world.api.find("nodes", "private-1") is None
    await world.clock.advance(120)
    assert world.find("pods", "p") is None
    assert world.api.find("leases.coordination.k8s.io", "private-1", "kube-node-lease") is None
    for change in (world.nodes.remove, world.nodes.fail, world.nodes.heal):
        with pytest.raises(ApiError, match='nodes "private-1" not found'):
            change("private-1")


async def test_nodes_and_their_failures_survive_a_restart(tmp_path: Path) -> None:
    async with open_world(1, tmp_path) as world:
        world.nodes.add("private-1")
        world.nodes.add("private-2", labels={"a": "b"})
        world.nodes.remove("private-1")
        world.nodes.fail("private-2")
        await settle()
    async with open_world(1, tmp_path) as world:
        assert list(world.nodes.names()) == ["node-1", "private-2"]
        await world.clock.advance(60)
        assert (ready(world, "node-1"), ready(world, "private-2")) == ("True", "Unknown")
        world.nodes.heal("private-2")
        await settle()
        assert ready(world, "private-2") == "True"


async def test_volumes_survive_a_kill_a_second_after_the_write(tmp_path: Path) -> None:
    left = tmp_path / "left"
    left.mkdir()
    async with open_world(1, tmp_path / "data") as world:
        mount = {"volumeMounts": [{"name": "d", "mountPath": "/d"}], "command": ["sleep", "999"]}
        host = [{"name": "d", "hostPath": {"path": "/data"}}]
        await world.pod("p", container=mount, volumes=host)
        await world.sh(
            "p", "mkdir /d/sub; echo kept > /d/sub/f; chmod 600 /d/sub/f; ln -s sub/f /d/l; echo x > /d/gone"
        )
        await world.clock.advance(1)
        await world.sh("p", "rm /d/gone; echo more >> /d/sub/f")
        await world.clock.advance(1)
        await world.sh("p", "echo lost > /d/late")
        for file in (tmp_path / "data").glob(f"{FILE}*"):  # what a killed process leaves, its write-ahead log included
            shutil.copy(file, left)
    shutil.copytree(tmp_path / "data", tmp_path / "again")
    for file in left.iterdir():
        shutil.copy(file, tmp_path / "again")
    async with open_world(1, tmp_path / "again") as world:
        assert await world.sh("p", "ls /d; cat /d/l") == "l\nsub\nkept\nmore\n"
        assert "-rw-------" in await world.sh("p", "ls -l /d/sub")


def test_damaged_volumes_are_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    with pytest.raises(JournalError, match=r"is damaged .* --repair"):
        DiskStore(tmp_path, FakeClock())
