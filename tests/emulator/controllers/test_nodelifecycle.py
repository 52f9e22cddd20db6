from __future__ import annotations

from k8slab.emulator.clock import settle
from k8slab.emulator.controllers.nodelifecycle import Silence
from tests.emulator.world import World


def taints(world: World, name: str) -> list[tuple[str, str]]:
    found = world.api.get("nodes", name)["spec"].get("taints") or ()
    return [(taint["key"].partition("/")[2], taint["effect"]) for taint in found]


async def test_a_new_node_is_registered_and_has_no_taint(world: World) -> None:
    assert taints(world, "node-1") == []
    events = [e["message"] for e in world.api.list("events", "default")]
    assert "Node node-1 event: Registered Node node-1 in Controller" in events


async def test_a_cordoned_node_is_tainted(world: World) -> None:
    world.api.patch("nodes", "node-1", None, {"spec": {"unschedulable": True}})
    await settle()
    assert taints(world, "node-1") == [("unschedulable", "NoSchedule")]
    world.api.patch("nodes", "node-1", None, {"spec": {"unschedulable": None}})
    await settle()
    assert taints(world, "node-1") == []


async def test_a_silent_node_becomes_unreachable_and_loses_its_pods(world: World) -> None:
    name = "gone"
    world.api.create("nodes", {"metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}}, "spec": {}})
    ready = {"conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}]}
    room = {"allocatable": {"cpu": "1", "memory": "1Gi", "pods": "3"}}
    world.api.patch("nodes", name, None, {"status": {**ready, **room}}, subresource="status")
    await settle()
    short = [{"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute"}]
    short[0]["tolerationSeconds"] = 10
    await world.pod("p", nodeSelector={"kubernetes.io/hostname": name}, tolerations=short)
    assert world.get("pods", "p")["spec"]["nodeName"] == name
    await world.clock.advance(56)
    assert taints(world, name) == [("unreachable", "NoSchedule"), ("unreachable", "NoExecute")]
    assert "deletionTimestamp" not in world.get("pods", "p")["metadata"]
    await world.clock.advance(11)
    assert "deletionTimestamp" in world.get("pods", "p")["metadata"]
    assert ("TaintManagerEviction", "Marking for deletion Pod t/p") in world.events("p")


async def test_pods_of_a_node_that_is_no_more_are_collected(world: World) -> None:
    await world.pod("p", nodeName="nowhere")
    await world.clock.advance(100)
    assert world.find("pods", "p") is None


def test_time_in_which_nobody_looked_is_no_silence() -> None:
    silence = Silence(looked=0)
    assert [silence.lasted(now, 5) for now in (5, 10, 13)] == [5, 10, 13]
    assert silence.lasted(10_000, 5) == 23  # the process was stopped, or the machine slept
