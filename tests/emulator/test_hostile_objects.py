"""What was accepted, however odd, stops neither a controller nor the scheduler nor a node: others depend on them."""

from __future__ import annotations

import asyncio
import logging
import os
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from k8slab.emulator.clock import FakeClock, settle
from k8slab.emulator.controllers.manager import start_controllers
from k8slab.emulator.nodes.cluster import start_nodes
from k8slab.emulator.scheduler.loop import start_scheduler
from tests.emulator.asgi import Client
from tests.emulator.hostile import Writer
from tests.emulator.test_hostile_requests import ask, check, make_world

USUAL = 10
CLUSTERS = max(USUAL, int(os.environ.get("K8SLAB_HOSTILE", "0")) // 40)
AT_A_TIME = 40
AFTERWARDS = 30.0  # seconds of the cluster's time


@settings(
    max_examples=CLUSTERS,
    deadline=None,
    derandomize=CLUSTERS == USUAL,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**64 - 1))
def test_nothing_that_runs_stumbles(caplog: pytest.LogCaptureFixture, seed: int) -> None:
    caplog.clear()
    asyncio.run(live_with(seed))
    stumbled = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not stumbled, [f"{record.getMessage()}: {record.exc_info}" for record in stumbled]


async def live_with(seed: int) -> None:
    loose: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: loose.append(context))
    world = make_world()
    stops = start_all(world)
    await settle()
    drawn = random.Random(seed)
    for _ in range(AT_A_TIME):
        hostile = Writer(drawn.getrandbits(64), world.cluster.schema, world.cluster.resources).request()
        note(repr(hostile))
        check(await ask(world, hostile))
    clock = world.cluster.clock
    assert isinstance(clock, FakeClock)
    await clock.advance(AFTERWARDS)
    for stop in reversed(stops):
        stop()
    await settle()
    assert loose == []


def start_all(world: Client) -> list[Any]:
    cluster = world.cluster
    controllers = start_controllers(cluster.api, cluster.clock)
    scheduler = start_scheduler(cluster.api, cluster.clock)
    return [controllers, scheduler, start_nodes(cluster.api, cluster.clock, 2, None).stop]
