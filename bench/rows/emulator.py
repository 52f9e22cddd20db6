"""The embedded cluster at work: rollouts, lists, watchers, and what a full one weighs."""

from __future__ import annotations

import asyncio
import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.load import request, saturate
from bench.measure import Measured, durations, megabytes, rate
from bench.registry import row
from bench.surroundings import TOKEN, Cluster, Surroundings

RUNS = 3
AT_ONCE = 60
LISTED = 600
WATCHERS, CHANGES = 200, 20
PODS, PODS_EACH = 1_000, 50
NAMESPACES, GETS = 500, 1_000
NODES_FOR_MANY = 12  # of 110 pods each
PATIENCE = 120.0
DEPLOYMENTS = "/apis/apps/v1/namespaces/{}/deployments"
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


class Rollouts:
    """Follows all Deployments by a watch; knows when each had all of its replicas available."""

    def __init__(self, port: int) -> None:
        self._available: dict[tuple[str, str], float] = {}
        self._changed = threading.Condition()
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._connection.request("GET", "/apis/apps/v1/deployments?watch=1", headers=HEADERS)
        self._lines = self._connection.getresponse()
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        for line in self._lines:
            obj = json.loads(line)["object"]
            if obj.get("status", {}).get("availableReplicas", 0) == obj["spec"]["replicas"]:
                name = obj["metadata"]["namespace"], obj["metadata"]["name"]
                with self._changed:
                    self._available.setdefault(name, time.perf_counter())
                    self._changed.notify_all()

    def wait(self, wanted: Iterable[tuple[str, str]]) -> float:
        """When the last of them was available, as perf_counter tells time."""
        names = list(wanted)
        with self._changed:
            if not self._changed.wait_for(lambda: all(name in self._available for name in names), PATIENCE):
                raise RuntimeError(f"only {len(self._available)} Deployments became available")
            return max(self._available[name] for name in names)


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: Any = None) -> bytes:
    connection.request(method, path, json.dumps(body) if body is not None else None, HEADERS)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {content.decode()}")
    return content


def connect(cluster: Cluster) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", cluster.port)


def deployment(name: str, replicas: int) -> dict[str, Any]:
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": "nginx"}]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def create_all(cluster: Cluster, bodies: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Over a few connections at once, as many students would."""
    local = threading.local()

    def create(item: tuple[str, dict[str, Any]]) -> None:
        if not hasattr(local, "connection"):
            local.connection = connect(cluster)
        ask(local.connection, "POST", *item)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(create, bodies))


@row("cluster", "Deployment of 3, created → available, one at a time", "p50 ≤ 40 ms")
def one_at_a_time(surroundings: Surroundings) -> Measured:
    cluster = surroundings.fresh_cluster()
    rollouts, connection, taken = Rollouts(cluster.port), connect(cluster), []
    for number in range(20):
        began = time.perf_counter()
        ask(connection, "POST", DEPLOYMENTS.format("default"), deployment(f"one-{number}", 3))
        taken.append(rollouts.wait([("default", f"one-{number}")]) - began)
    cluster.stop()
    return durations(taken)


@row("cluster", f"{AT_ONCE} such Deployments at once, all available", "≤ 1.2 s")
def many_at_once(surroundings: Surroundings) -> Measured:
    return durations([_at_once(surroundings) for _ in range(RUNS)], "s")


def _at_once(surroundings: Surroundings) -> float:
    cluster = surroundings.fresh_cluster()
    rollouts, names = Rollouts(cluster.port), [f"many-{number}" for number in range(AT_ONCE)]
    began = time.perf_counter()
    create_all(cluster, [(DEPLOYMENTS.format("default"), deployment(name, 3)) for name in names])
    taken = rollouts.wait(("default", name) for name in names) - began
    cluster.stop()
    return taken


@row("cluster", f"API list of {LISTED} objects, one process, saturated", "≥ 200/s")
def listing(surroundings: Surroundings) -> Measured:
    cluster = surroundings.fresh_cluster()
    path = "/api/v1/namespaces/default/configmaps"
    create_all(cluster, [(path, {"metadata": {"name": f"c{n}"}, "data": {"key": "value"}}) for n in range(LISTED)])
    wanted = request("GET", path, TOKEN)
    measured = rate([saturate(cluster.port, lambda: wanted) for _ in range(RUNS)])
    cluster.stop()
    return measured


@row("cluster", f"change → {WATCHERS} watchers have it", "p95 ≤ 20 ms")
def watchers(surroundings: Surroundings) -> Measured:
    cluster = surroundings.fresh_cluster()
    taken = asyncio.run(_watched(cluster.port))
    cluster.stop()
    return durations(taken)


async def _watched(port: int) -> list[float]:
    """Seconds from each change's request to its arrival at each watcher."""
    path = "/api/v1/namespaces/default/configmaps"
    streams = [await _open_watch(port, f"{path}?watch=1&labelSelector=bench=1") for _ in range(WATCHERS)]
    watching = [reader for reader, _ in streams]
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    taken: list[float] = []
    for number in range(CHANGES):
        name = f"change-{number}"
        body = json.dumps({"metadata": {"name": name, "labels": {"bench": "1"}}}).encode()
        began = time.perf_counter()
        writer.write(request("POST", path, TOKEN, body))
        arrivals = await asyncio.gather(*(_arrival(watch, name.encode()) for watch in watching))
        taken += [arrival - began for arrival in arrivals]
    for opened in (writer, *(each for _, each in streams)):
        opened.close()
    return taken


async def _open_watch(port: int, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("GET", path, TOKEN))
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def _arrival(reader: asyncio.StreamReader, name: bytes) -> float:
    while name not in await reader.readline():
        continue
    return time.perf_counter()


@row("cluster", f"embedded cluster: resident memory, {PODS:,} running pods", "≤ 200 MB")
def full_memory(surroundings: Surroundings) -> Measured:
    cluster = surroundings.fresh_cluster(NODES_FOR_MANY)
    rollouts, names = Rollouts(cluster.port), [f"full-{number}" for number in range(PODS // PODS_EACH)]
    create_all(cluster, [(DEPLOYMENTS.format("default"), deployment(name, PODS_EACH)) for name in names])
    rollouts.wait(("default", name) for name in names)
    size = megabytes(cluster.process.pid)
    cluster.stop()
    return size


@row("cluster", f"API get, {NAMESPACES} namespaces with a Deployment each", "p95 ≤ 20 ms")
def crowded_get(surroundings: Surroundings) -> Measured:
    cluster = surroundings.fresh_cluster(NODES_FOR_MANY)
    rollouts, names = Rollouts(cluster.port), [f"space-{number}" for number in range(NAMESPACES)]
    create_all(cluster, [("/api/v1/namespaces", {"metadata": {"name": name}}) for name in names])
    create_all(cluster, [(DEPLOYMENTS.format(name), deployment("web", 1)) for name in names])
    rollouts.wait((name, "web") for name in names)
    connection, turn = connect(cluster), itertools.cycle(names)
    taken = [_seconds(lambda: ask(connection, "GET", DEPLOYMENTS.format(next(turn)) + "/web")) for _ in range(GETS)]
    cluster.stop()
    return durations(taken)


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
