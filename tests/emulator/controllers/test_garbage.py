from __future__ import annotations

from k8slab.emulator.clock import settle
from tests.emulator.world import SPACE, World


async def owner_and_dependent(world: World, *, block: bool = False, finalizers: tuple[str, ...] = ()) -> None:
    owner = world.api.create("configmaps", {"metadata": {"name": "owner"}}, SPACE)
    ref = {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["metadata"]["uid"]}
    ref |= {"blockOwnerDeletion": True} if block else {}
    meta = {"name": "dep", "ownerReferences": [ref], "finalizers": list(finalizers)}
    world.api.create("secrets", {"metadata": meta}, SPACE)
    await settle()


async def test_it_works(world: World) -> None:
    await owner_and_dependent(world)
    await world.delete("configmaps", "owner")
    assert world.find("secrets", "dep") is None


async def test_orphaned_dependents_stay_without_the_reference(world: World) -> None:
    await owner_and_dependent(world)
    await world.delete("configmaps", "owner", propagation="Orphan")
    assert world.find("configmaps", "owner") is None
    assert "ownerReferences" not in world.get("secrets", "dep")["metadata"]


async def test_in_the_foreground_the_owner_waits_for_those_that_block(world: World) -> None:
    await owner_and_dependent(world, block=True, finalizers=("x.y/hold",))
    await world.delete("configmaps", "owner", propagation="Foreground")
    assert world.get("configmaps", "owner")["metadata"]["finalizers"] == ["foregroundDeletion"]
    assert "deletionTimestamp" in world.get("secrets", "dep")["metadata"]
    await world.change("secrets", "dep", {"metadata": {"finalizers": None}})
    await settle()
    assert world.find("configmaps", "owner") is None


async def test_an_owner_that_never_was_does_not_keep_it(world: World) -> None:
    ref = {"apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": "99999999-8888-7777-6666-555555555555"}
    world.api.create("secrets", {"metadata": {"name": "dep", "ownerReferences": [ref]}}, SPACE)
    await settle()
    assert world.find("secrets", "dep") is None


async def test_a_namespace_goes_with_all_that_is_in_it(world: World) -> None:
    await world.deployment("d", 2)
    world.api.delete("namespaces", SPACE)
    await settle()
    await world.clock.advance(6)
    assert world.api.find("namespaces", SPACE) is None
    assert not world.all("pods")


async def test_a_namespace_tells_what_it_waits_for(world: World) -> None:
    world.api.create("configmaps", {"metadata": {"name": "held", "finalizers": ["example.com/hold"]}}, SPACE)
    world.api.delete("namespaces", SPACE)
    await settle()
    conditions = {c["type"]: c for c in world.api.get("namespaces", SPACE)["status"]["conditions"]}
    remaining = conditions["NamespaceContentRemaining"]
    assert remaining["message"] == "Some resources are remaining: configmaps. has 1 resource instances"
    text = "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"
    assert conditions["NamespaceFinalizersRemaining"]["message"] == text
    world.api.patch("configmaps", "held", SPACE, {"metadata": {"finalizers": None}})
    await world.clock.advance(6)
    assert world.api.find("namespaces", SPACE) is None
