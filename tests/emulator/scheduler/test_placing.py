from __future__ import annotations

import pytest

from k8slab.emulator.clock import settle
from tests.emulator.world import World

TAIL = "no new claims to deallocate, preemption: 0/3 nodes are available: "
FUTILE = f"{TAIL}3 Preemption is not helpful for scheduling."


def message(world: World, pod: str) -> str:
    found = next(c for c in world.get("pods", pod)["status"]["conditions"] if c["type"] == "PodScheduled")
    assert (found["status"], found["reason"]) == ("False", "Unschedulable")
    return str(found["message"])


def asking(**requests: str) -> dict[str, object]:
    return {"container": {"resources": {"requests": requests}}}


async def test_it_works(world: World) -> None:
    await world.pod("p", "nginx:1.25")
    node = world.get("pods", "p")["spec"]["nodeName"]
    assert ("Scheduled", f"Successfully assigned t/p to {node}") in world.events("p")


async def test_replicas_spread_over_the_nodes(world: World) -> None:
    await world.deployment("d", 6)
    nodes = [pod["spec"]["nodeName"] for pod in world.all("pods")]
    assert sorted(nodes) == sorted(["node-1", "node-2", "node-3"] * 2)


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        (asking(cpu="100"), "3 Insufficient cpu"),
        (asking(memory="16Gi"), "3 Insufficient memory"),
        ({"nodeSelector": {"no": "such"}}, "3 node(s) didn't match Pod's node affinity/selector"),
    ],
)
async def test_it_says_why_no_node_will_do(world: World, spec: dict[str, object], why: str) -> None:
    await world.pod("p", **spec)
    text = f"0/3 nodes are available: {why}. {FUTILE}"
    assert message(world, "p") == text
    assert world.events("p") == [("FailedScheduling", text)]


async def test_a_missing_claim_is_named(world: World) -> None:
    await world.pod("p", volumes=[{"name": "v", "persistentVolumeClaim": {"claimName": "nope"}}])
    assert message(world, "p") == '0/3 nodes are available: persistentvolumeclaim "nope" not found. not found'


async def test_taints_keep_pods_away_unless_tolerated(world: World) -> None:
    taint = {"key": "gpu", "value": "yes", "effect": "NoSchedule"}
    for name in ("node-1", "node-2", "node-3"):
        world.api.patch("nodes", name, None, {"spec": {"taints": [taint]}})
    await settle()
    await world.pod("p")
    assert message(world, "p").startswith("0/3 nodes are available: 3 node(s) had untolerated taint(s).")
    await world.pod("q", tolerations=[{"key": "gpu", "operator": "Exists"}])
    assert world.get("pods", "q")["spec"]["nodeName"]
    world.api.patch("nodes", "node-2", None, {"spec": {"taints": None}})
    await settle()
    assert world.get("pods", "p")["spec"]["nodeName"] == "node-2"


async def test_room_that_is_made_lets_the_next_in(world: World) -> None:
    for number in range(3):
        await world.pod(f"big{number}", **asking(cpu="3"), terminationGracePeriodSeconds=0)
    await world.pod("next", **asking(cpu="2"))
    assert message(world, "next") == (
        f"0/3 nodes are available: 3 Insufficient cpu. {TAIL}3 No preemption victims found for incoming pod."
    )
    await world.delete("pods", "big1", grace_seconds=0)
    assert world.get("pods", "next")["spec"]["nodeName"] == "node-2"


async def test_anti_affinity_puts_one_on_each_node(world: World) -> None:
    term = {"labelSelector": {"matchLabels": {"app": "x"}}, "topologyKey": "kubernetes.io/hostname"}
    apart = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    for number in range(4):
        await world.pod(f"p{number}", "nginx:1.25", affinity=apart, meta={"labels": {"app": "x"}})
    assert len({world.get("pods", f"p{n}")["spec"]["nodeName"] for n in range(3)}) == 3
    assert message(world, "p3").startswith("0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.")


async def test_affinity_goes_where_the_other_is(world: World) -> None:
    await world.pod("first", "nginx:1.25", meta={"labels": {"app": "x"}}, nodeName="node-3")
    term = {"labelSelector": {"matchLabels": {"app": "x"}}, "topologyKey": "kubernetes.io/hostname"}
    near = {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    await world.pod("second", "nginx:1.25", affinity=near)
    assert world.get("pods", "second")["spec"]["nodeName"] == "node-3"


async def test_a_gated_pod_waits_for_its_gates(world: World) -> None:
    await world.pod("p", schedulingGates=[{"name": "x/y"}])
    assert "nodeName" not in world.get("pods", "p")["spec"]
    await world.change("pods", "p", {"spec": {"schedulingGates": []}})
    assert world.get("pods", "p")["spec"]["nodeName"]
