from __future__ import annotations

from typing import Any

from k8slab.emulator.clock import settle
from tests.emulator.world import World


async def daemon(world: World, tag: str = "nginx:1.25", strategy: Any = None, **spec: Any) -> None:
    pod = {"containers": [{"name": "c", "image": tag}], **spec}
    template = {"metadata": {"labels": {"app": "d"}}, "spec": pod}
    body = {"selector": {"matchLabels": {"app": "d"}}, "template": template}
    await world.create("daemonsets.apps", "d", {**body, **({"updateStrategy": strategy} if strategy else {})})
    await world.clock.advance(5)


def status(world: World) -> dict[str, Any]:
    held: dict[str, Any] = world.get("daemonsets.apps", "d")["status"]
    return held


def image(tag: str) -> dict[str, Any]:
    return {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": tag}]}}}}


def images(world: World) -> list[str]:
    return sorted(pod["spec"]["containers"][0]["image"] for pod in world.all("pods"))


async def node_change(world: World, patch: Any, name: str = "node-1") -> None:
    world.api.patch("nodes", name, None, patch)
    await settle()
    await world.clock.advance(60)


async def test_it_works(world: World) -> None:
    await daemon(world)
    assert status(world) == {
        "currentNumberScheduled": 3,
        "numberMisscheduled": 0,
        "desiredNumberScheduled": 3,
        "numberReady": 3,
        "observedGeneration": 1,
        "updatedNumberScheduled": 3,
        "numberAvailable": 3,
    }
    assert sorted(pod["spec"]["nodeName"] for pod in world.all("pods")) == ["node-1", "node-2", "node-3"]
    labels = world.all("pods")[0]["metadata"]["labels"]
    revision = world.all("controllerrevisions.apps")[0]
    assert labels["pod-template-generation"] == "1"
    assert revision["metadata"]["name"] == f"d-{labels['controller-revision-hash']}"


async def test_only_nodes_that_are_chosen(world: World) -> None:
    await daemon(world, nodeSelector={"disk": "ssd"})
    assert status(world)["desiredNumberScheduled"] == 0
    await node_change(world, {"metadata": {"labels": {"disk": "ssd"}}})
    assert [pod["spec"]["nodeName"] for pod in world.all("pods")] == ["node-1"]
    await node_change(world, {"metadata": {"labels": {"disk": None}}})
    assert world.names("pods") == []


async def test_a_taint_keeps_new_ones_off_and_lets_old_ones_stay(world: World) -> None:
    await daemon(world)
    await node_change(world, {"spec": {"taints": [{"key": "k", "effect": "NoSchedule"}]}})
    held = status(world)
    assert (held["desiredNumberScheduled"], held["numberMisscheduled"], len(world.all("pods"))) == (2, 1, 3)
    await node_change(world, {"spec": {"taints": [{"key": "k", "effect": "NoExecute"}]}})
    assert len(world.all("pods")) == 2


async def test_a_cordoned_node_has_its_daemon_too(world: World) -> None:
    await node_change(world, {"spec": {"unschedulable": True}})
    await daemon(world)
    assert len(world.all("pods")) == 3


async def test_an_update_replaces_one_after_another(world: World) -> None:
    await daemon(world)
    await world.change("daemonsets.apps", "d", image("nginx:nosuchtag"))
    await world.clock.advance(60)
    assert images(world) == ["nginx:1.25", "nginx:1.25", "nginx:nosuchtag"]
    assert (status(world)["updatedNumberScheduled"], status(world)["numberUnavailable"]) == (1, 1)
    await world.change("daemonsets.apps", "d", image("nginx:1.26"))
    await world.clock.advance(120)
    assert images(world) == ["nginx:1.26"] * 3


async def test_a_surge_makes_the_new_one_first(world: World) -> None:
    await daemon(world, strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}})
    await world.change("daemonsets.apps", "d", image("nginx:nosuchtag"))
    await world.clock.advance(60)
    assert images(world) == ["nginx:1.25"] * 3 + ["nginx:nosuchtag"]
    await world.change("daemonsets.apps", "d", image("nginx:1.26"))
    await world.clock.advance(180)
    assert images(world) == ["nginx:1.26"] * 3


async def test_on_delete_waits_for_somebody_to_delete(world: World) -> None:
    await daemon(world, strategy={"type": "OnDelete"})
    await world.change("daemonsets.apps", "d", image("nginx:1.26"))
    await world.clock.advance(60)
    assert images(world) == ["nginx:1.25"] * 3
    await world.delete("pods", world.names("pods")[0])
    await world.clock.advance(60)
    assert images(world) == ["nginx:1.25", "nginx:1.25", "nginx:1.26"]
    assert sorted(r["revision"] for r in world.all("controllerrevisions.apps")) == [1, 2]


async def test_a_daemon_that_failed_is_made_again(world: World) -> None:
    await daemon(world)
    name = world.names("pods")[0]
    world.api.patch("pods", name, "t", {"status": {"phase": "Failed"}}, subresource="status")
    await world.clock.advance(60)
    assert name not in world.names("pods")
    assert len(world.all("pods")) == 3
    assert "FailedDaemonPod" in {reason for reason, _ in world.events("d")}
