from __future__ import annotations

from k8slab.emulator.controllers.nodettl import seconds_for
from tests.emulator.world import World


async def test_it_works(world: World) -> None:
    node = world.api.get("nodes", "node-1")
    assert node["metadata"]["annotations"]["node.alpha.kubernetes.io/ttl"] == "0"


def test_more_nodes_look_less_often() -> None:
    assert [seconds_for(count) for count in (1, 100, 101, 20000)] == [0, 0, 15, 300]
