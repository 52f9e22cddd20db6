"""Pods of lower priority make room. Nodes have 4 CPUs each."""

from __future__ import annotations

from typing import Any

import pytest

from k8slab.emulator.clock import settle
from tests.emulator.scheduler.test_placing import TAIL, message
from tests.emulator.world import SPACE, World

CLASSES = "priorityclasses.scheduling.k8s.io"


@pytest.fixture
async def classes(world: World) -> World:
    for name, value in (("low", 10), ("middle", 100), ("high", 1000)):
        world.api.create(CLASSES, {"metadata": {"name": name}, "value": value})
    world.api.create(CLASSES, {"metadata": {"name": "polite"}, "value": 5000, "preemptionPolicy": "Never"})
    return world


async def pod(world: World, name: str, priority: str, cpu: str, node: str = "", **more: Any) -> None:
    resources: Any = {"resources": {"requests": {"cpu": cpu}}, "command": ["sleep", "99999"]}
    where: Any = {"nodeSelector": {"kubernetes.io/hostname": node}} if node else {}
    seconds = more.pop("grace", 1)
    spec = {"priorityClassName": priority, "terminationGracePeriodSeconds": seconds, **where, **more}
    await world.pod(name, container=resources, **spec)


def node_of(world: World, name: str) -> str:
    return str(world.get("pods", name)["spec"].get("nodeName", ""))


async def test_it_works(classes: World) -> None:
    world = classes
    for number in (1, 2, 3):
        await pod(world, f"low-{number}", "low", "3", f"node-{number}")
    await pod(world, "high", "high", "2", "node-2")
    waiting = world.get("pods", "high")
    assert waiting["status"]["nominatedNodeName"] == "node-2"
    selector = "2 node(s) didn't match Pod's node affinity/selector"
    assert message(world, "high") == f"0/3 nodes are available: 1 Insufficient cpu, {selector}."
    victim = world.get("pods", "low-2")
    assert "deletionTimestamp" in victim["metadata"]
    target = next(one for one in victim["status"]["conditions"] if one["type"] == "DisruptionTarget")
    assert (target["status"], target["reason"]) == ("True", "PreemptionByScheduler")
    assert target["message"] == "default-scheduler: preempting to accommodate a higher priority pod"
    uid = waiting["metadata"]["uid"]
    assert ("Preempted", f"Preempted by pod {uid} on node node-2") in world.events("low-2")
    told = next(one for one in world.all("events") if one["reason"] == "Preempted")
    assert (told["action"], told["related"]["name"], told["type"]) == ("Preempting", "high", "Normal")
    await world.clock.advance(2)
    assert world.find("pods", "low-2") is None
    assert node_of(world, "high") == "node-2"
    assert "nominatedNodeName" not in world.get("pods", "high")["status"]


async def test_equals_stay(classes: World) -> None:
    world = classes
    for number in (1, 2, 3):
        await pod(world, f"p{number}", "high", "3", f"node-{number}")
    await pod(world, "late", "high", "2")
    assert message(world, "late") == (
        f"0/3 nodes are available: 3 Insufficient cpu. {TAIL}3 No preemption victims found for incoming pod."
    )


async def test_the_polite_wait(classes: World) -> None:
    world = classes
    for number in (1, 2, 3):
        await pod(world, f"low-{number}", "low", "3", f"node-{number}")
    await pod(world, "polite", "polite", "2")
    assert message(world, "polite") == (
        "0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, "
        "preemption: not eligible due to preemptionPolicy=Never."
    )
    assert len(world.all("pods")) == 4


async def test_as_few_and_as_unimportant_as_will_do(classes: World) -> None:
    world = classes
    await pod(world, "m1", "middle", "3", "node-1")
    await pod(world, "l1", "low", "3", "node-2")
    await pod(world, "l2", "low", "500m", "node-2")
    await pod(world, "l3", "low", "2", "node-3")
    await pod(world, "l4", "low", "1500m", "node-3")
    await pod(world, "high", "high", "3")
    leaving = {name for name in world.names("pods") if "deletionTimestamp" in world.get("pods", name)["metadata"]}
    assert leaving == {"l1"}  # one of low priority; its neighbour may stay, and node-3 would cost two
    assert world.get("pods", "high")["status"]["nominatedNodeName"] == "node-2"


async def test_a_budget_is_respected_where_another_node_will_do(classes: World) -> None:
    world = classes
    for number in (1, 2):
        await pod(world, f"kept-{number}", "low", "3", f"node-{number}", meta={"labels": {"app": "kept"}})
    await pod(world, "free", "middle", "3", "node-3")
    budget = {"minAvailable": 2, "selector": {"matchLabels": {"app": "kept"}}}
    await world.create("poddisruptionbudgets.policy", "b", budget)
    await world.clock.advance(1)
    await pod(world, "high", "high", "3")
    assert world.get("pods", "high")["status"]["nominatedNodeName"] == "node-3"


async def test_nobody_less_important_slips_in_meanwhile(classes: World) -> None:
    world = classes
    for number in (1, 2, 3):
        await pod(world, f"low-{number}", "low", "3", f"node-{number}", grace=30, command=["sh", "-c", "sleep 9999"])
    await pod(world, "high", "high", "4")
    node = world.get("pods", "high")["status"]["nominatedNodeName"]
    await pod(world, "small", "low", "1", node)
    assert node_of(world, "small") == ""
    await pod(world, "higher", "middle", "1", node)
    assert node_of(world, "higher") == ""
    await world.clock.advance(40)
    assert node_of(world, "high") == node


async def test_who_waits_for_victims_does_not_ask_for_more(classes: World) -> None:
    world = classes
    for number in (1, 2, 3):
        await pod(world, f"low-{number}", "low", "3", f"node-{number}", grace=30)
    await pod(world, "high", "high", "2")
    world.api.patch("nodes", "node-1", None, {"metadata": {"labels": {"a": "b"}}})  # it is tried again
    await settle()
    leaving = [one for one in world.all("pods") if "deletionTimestamp" in one["metadata"]]
    assert len(leaving) == 1
    assert message(world, "high").endswith("preemption: not eligible due to a terminating pod on the nominated node.")
    assert world.get("pods", "high")["status"]["nominatedNodeName"]


async def test_where_even_that_does_not_help_it_says_so(classes: World) -> None:
    world = classes
    await pod(world, "low", "low", "1", "node-1")
    await pod(world, "m", "high", "3", "node-1")
    for number in (2, 3):
        await pod(world, f"h{number}", "high", "3", f"node-{number}")
    await pod(world, "more", "middle", "2")
    assert message(world, "more") == (
        f"0/3 nodes are available: 3 Insufficient cpu. {TAIL}1 Insufficient cpu, "
        "2 No preemption victims found for incoming pod."
    )
    assert "deletionTimestamp" not in world.get("pods", "low")["metadata"]


async def test_room_made_by_anti_affinity_counts(classes: World) -> None:
    world = classes
    term = {"labelSelector": {"matchLabels": {"app": "x"}}, "topologyKey": "kubernetes.io/hostname"}
    apart = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    for number in (1, 2, 3):
        await pod(world, f"low-{number}", "low", "1", f"node-{number}", meta={"labels": {"app": "x"}})
    await pod(world, "high", "high", "1", affinity=apart)
    await world.clock.advance(2)
    assert node_of(world, "high")
    assert len(world.api.list("pods", SPACE)) == 3
