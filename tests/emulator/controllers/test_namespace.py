from __future__ import annotations

from typing import Any

from k8slab.emulator.clock import settle
from tests.emulator.world import World


async def remove(world: World) -> None:
    world.api.delete("namespaces", "n")
    await settle()


async def test_it_works(world: World) -> None:
    seen: list[Any] = []
    stop = world.api.subscribe("namespaces", lambda change: seen.append((change.type, change.new)))
    world.api.create("namespaces", {"metadata": {"name": "n"}})
    await settle()
    world.api.create("configmaps", {"metadata": {"name": "c"}}, "n")
    await remove(world)
    stop()
    story = [kind for kind, obj in seen if obj["metadata"]["name"] == "n"]
    assert story == ["ADDED", "MODIFIED", "MODIFIED", "DELETED"]
    conditions = [obj for _, obj in seen][-1]["status"]["conditions"]
    assert {c["status"] for c in conditions} == {"False"}
    assert len(conditions) == 5


async def test_it_says_what_it_waits_for(world: World) -> None:
    world.api.create("namespaces", {"metadata": {"name": "n"}})
    world.api.create("configmaps", {"metadata": {"name": "c", "finalizers": ["x.io/hold"]}}, "n")
    await remove(world)
    conditions = {c["type"]: c for c in world.api.get("namespaces", "n")["status"]["conditions"]}
    assert conditions["NamespaceContentRemaining"]["message"] == (
        "Some resources are remaining: configmaps. has 1 resource instances"
    )
    assert conditions["NamespaceFinalizersRemaining"]["message"] == (
        "Some content in the namespace has finalizers remaining: x.io/hold in 1 resource instances"
    )
    world.api.patch("configmaps", "c", "n", {"metadata": {"finalizers": None}})
    await world.clock.advance(20)
    assert world.api.find("namespaces", "n") is None
