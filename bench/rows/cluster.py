"""The embedded cluster alone: how soon it is there, how small it is, how fast it answers."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable

from bench.load import request, saturate
from bench.measure import Measured, durations, megabytes, rate
from bench.registry import row
from bench.surroundings import TOKEN, Surroundings

STARTS = 7
RUNS = 3
SETTLING = 3.0  # after a start, until garbage is collected and controllers are at rest
CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"


@row("cluster", "embedded cluster: start to ready", "≤ 0.5 s")
def start_to_ready(surroundings: Surroundings) -> Measured:
    seconds = []
    surroundings.fresh_cluster().stop()  # the very first start keeps what later ones find beside the byte code
    for _ in range(STARTS):
        cluster = surroundings.fresh_cluster()
        seconds.append(cluster.seconds)
        cluster.stop()
    return durations(seconds, "s")


@row("cluster", "embedded cluster: resident memory, idle", "≤ 100 MB")
def idle_memory(surroundings: Surroundings) -> Measured:
    cluster = surroundings.fresh_cluster()
    time.sleep(SETTLING)
    size = megabytes(cluster.process.pid)
    cluster.stop()
    return size


@row("cluster", "API create, durable, one process, saturated", "≥ 2,000/s")
def create(surroundings: Surroundings) -> Measured:
    port = surroundings.cluster().port
    return rate([saturate(port, _creations(run)) for run in range(RUNS)])


@row("cluster", "API get, one process, saturated", "≥ 6,000/s")
def get(surroundings: Surroundings) -> Measured:
    port = surroundings.cluster().port
    wanted = request("GET", "/api/v1/namespaces/default", TOKEN)
    return rate([saturate(port, lambda: wanted) for _ in range(RUNS)])


def _creations(run: int) -> Callable[[], bytes]:
    numbers = itertools.count()

    def creation() -> bytes:
        name = f"bench-{run}-{next(numbers)}"
        config_map = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"key": "value"}}
        return request("POST", CONFIG_MAPS, TOKEN, json.dumps(config_map).encode())

    return creation
