"""A whole cluster in memory on a clock that stands still: API, controllers, scheduler and nodes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from k8slab.emulator.api import open_cluster
from k8slab.emulator.bootstrap import bootstrap
from k8slab.emulator.clock import FakeClock, settle
from k8slab.emulator.controllers.manager import start_controllers
from k8slab.emulator.nodes.cluster import Nodes, start_nodes
from k8slab.emulator.ports import Api, LogRequest
from k8slab.emulator.scheduler.loop import start_scheduler

SPACE = "t"
Obj = dict[str, Any]


@dataclass
class Io:
    """One exec session that has nothing to say."""

    out: bytes = b""
    err: bytes = b""
    both: bytes = b""
    typed: list[bytes] = field(default_factory=list)
    size: tuple[int, int] = (80, 24)

    async def read(self) -> bytes:
        return self.typed.pop(0) if self.typed else b""

    def on_resize(self, resized: Callable[[int, int], None]) -> None:
        resized(*self.size)

    async def write(self, stream: str, data: bytes) -> None:
        self.both += data
        if stream == "stdout":
            self.out += data
        else:
            self.err += data


@dataclass
class World:
    api: Api
    clock: FakeClock
    nodes: Nodes

    async def create(self, resource: str, name: str, spec: Obj, **meta: Any) -> Obj:
        body = {"metadata": {"name": name, **meta}, "spec": spec}
        made = self.api.create(resource, body, SPACE)
        await settle()
        return made

    async def pod(self, name: str, image: str = "busybox:1.36", command: Sequence[str] = (), **spec: Any) -> Obj:
        container: Obj = {"name": "c", "image": image}
        if command:
            container["command"] = list(command)
        container |= spec.pop("container", {})
        meta = spec.pop("meta", {})
        return await self.create("pods", name, {"containers": [container], **spec}, **meta)

    async def deployment(self, name: str, replicas: int = 3, image: str = "nginx:1.25", **spec: Any) -> Obj:
        template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "c", "image": image}]}}
        selector = {"matchLabels": {"app": name}}
        body = {"replicas": replicas, "selector": selector, "template": template, **spec}
        return await self.create("deployments.apps", name, body)

    async def service(self, name: str, selector: Obj, port: int, target: Any, **spec: Any) -> Obj:
        ports = [{"port": port, "targetPort": target}]
        return await self.create("services", name, {"selector": selector, "ports": ports, **spec})

    def get(self, resource: str, name: str) -> Obj:
        return self.api.get(resource, name, SPACE)

    def find(self, resource: str, name: str) -> Obj | None:
        return self.api.find(resource, name, SPACE)

    def all(self, resource: str) -> Sequence[Obj]:
        return self.api.list(resource, SPACE)

    def names(self, resource: str) -> list[str]:
        return [obj["metadata"]["name"] for obj in self.all(resource)]

    def events(self, name: str = "") -> list[tuple[str, str]]:
        """Reason and message of each event about objects of this name."""
        found = [e for e in self.all("events") if not name or e["involvedObject"]["name"] == name]
        return [(e["reason"], e["message"]) for e in found]

    def state(self, pod: str) -> Obj:
        statuses: list[Obj] = self.get("pods", pod)["status"]["containerStatuses"]
        return statuses[0]["state"]

    async def change(self, resource: str, name: str, patch: Any) -> None:
        self.api.patch(resource, name, SPACE, patch)
        await settle()

    async def delete(self, resource: str, name: str, **options: Any) -> None:
        self.api.delete(resource, name, SPACE, **options)
        await settle()

    async def run(self, pod: str, *command: str) -> tuple[int, str, str]:
        io = Io()
        code = await self.nodes.exec(self.get("pods", pod), "c", command, io)
        return code, io.out.decode(), io.err.decode()

    async def sh(self, pod: str, text: str) -> str:
        """What a line of shell prints, errors included, in its order."""
        io = Io()
        await self.nodes.exec(self.get("pods", pod), "c", ["sh", "-c", text], io)
        return io.both.decode()

    async def log(self, pod: str, **options: Any) -> str:
        lines = self.nodes.logs(self.get("pods", pod), "c", LogRequest(**options))
        return b"".join([part async for part in lines]).decode()


@asynccontextmanager
async def open_world(node_count: int = 3, data: Path | None = None) -> AsyncIterator[World]:
    clock = FakeClock()
    cluster = open_cluster(data, clock)
    bootstrap(cluster, with_nodes=True)
    stop_controllers = start_controllers(cluster.api, clock)
    stop_scheduler = start_scheduler(cluster.api, clock)
    nodes = start_nodes(cluster.api, clock, node_count, data)
    if cluster.api.find("namespaces", SPACE) is None:
        cluster.api.create("namespaces", {"metadata": {"name": SPACE}})
    await settle()
    try:
        yield World(cluster.api, clock, nodes)
    finally:
        nodes.stop()
        stop_scheduler()
        stop_controllers()
        cluster.close()
        await settle()
