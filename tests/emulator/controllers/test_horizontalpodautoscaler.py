from __future__ import annotations

from typing import Any

from tests.emulator.world import World

CPU = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}}


async def autoscaler(world: World, least: int = 1, most: int = 3, target: str = "d") -> None:
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": target}
    spec = {"minReplicas": least, "maxReplicas": most, "scaleTargetRef": reference, "metrics": [CPU]}
    await world.create("horizontalpodautoscalers.autoscaling", "h", spec)
    await world.clock.advance(16)


def conditions(world: World) -> list[tuple[str, str, str]]:
    status: dict[str, Any] = world.get("horizontalpodautoscalers.autoscaling", "h")["status"]
    return [(c["type"], c["status"], c["reason"]) for c in status["conditions"]]


async def test_it_works(world: World) -> None:
    await world.deployment("d", 1)
    await autoscaler(world)
    assert conditions(world) == [
        ("AbleToScale", "True", "SucceededGetScale"),
        ("ScalingActive", "False", "FailedGetResourceMetric"),
    ]
    assert {reason for reason, _ in world.events("h")} == {"FailedGetResourceMetric", "FailedComputeMetricsReplicas"}
    assert world.get("deployments.apps", "d")["spec"]["replicas"] == 1


async def test_the_bounds_hold_without_metrics(world: World) -> None:
    await world.deployment("d", 5)
    await autoscaler(world)
    assert world.get("deployments.apps", "d")["spec"]["replicas"] == 3
    text = "New size: 3; reason: Current number of replicas above Spec.MaxReplicas"
    assert ("SuccessfulRescale", text) in world.events("h")


async def test_a_target_that_is_not_there(world: World) -> None:
    await autoscaler(world, target="nobody")
    assert conditions(world) == [("AbleToScale", "False", "FailedGetScale")]
    assert ("FailedGetScale", 'deployments.apps "nobody" not found') in world.events("h")


async def test_zero_replicas_switch_it_off(world: World) -> None:
    await world.deployment("d", 0)
    await autoscaler(world)
    assert ("ScalingActive", "False", "ScalingDisabled") in conditions(world)
