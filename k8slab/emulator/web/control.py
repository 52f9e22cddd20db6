"""`/emulator/`: what no real cluster offers. Machines fail and heal, come and go; time moves on. Admin token only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson

from k8slab.emulator.admission.pods import DEFAULT_TOLERATIONS, NODE_SELECTOR
from k8slab.emulator.auth.authenticate import ADMIN
from k8slab.emulator.auth.rbac import Question, refusal
from k8slab.emulator.clock import RealClock, timestamp
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.decode import read_json
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Change, NodeControl, Obj
from k8slab.emulator.status import ApiError, bad_request, invalid
from k8slab.emulator.validation.names import subdomain_problems
from k8slab.emulator.web.request import Request
from k8slab.emulator.web.routes import VERB_OF, no_such_method, no_such_resource

PRIVATE = "k8slab.io/private-to"  # label and taint of a node that belongs to one namespace
FARTHEST = 86_400.0  # seconds that one request may skip: every heartbeat on the way really happens
CLOCK_FACT = "clock-skipped"


class Control:
    def __init__(self, cluster: Cluster, machines: NodeControl | None) -> None:
        self._cluster = cluster
        self._machines = machines
        if machines is not None:
            cluster.api.subscribe("namespaces", self._namespace_changed)
            for name in machines.names():
                owner = self._described(name)["namespace"]
                if owner and cluster.store.find("namespaces", "", owner) is None:
                    machines.remove(name)

    def _namespace_changed(self, change: Change) -> None:
        metadata = change.new["metadata"]
        if "deletionTimestamp" in metadata:
            ends = change.type == "DELETED"
            asyncio.get_running_loop().call_soon(self._clear, metadata["name"], ends)

    def _clear(self, namespace: str, ended: bool) -> None:
        """The machines of a namespace that ends come back, so that its pods can end; then they go, too."""
        for name in self._nodes.names():
            if self._described(name)["namespace"] == namespace:
                if ended:
                    self._nodes.remove(name)
                else:
                    self._nodes.heal(name)

    async def page(self, request: Request) -> None:
        if request.user is not ADMIN:
            raise refusal(request.user, Question(VERB_OF.get(request.method, "get"), path=request.path))
        parts = request.path.strip("/").split("/")[1:]
        handler = self._handler(request.method, parts)
        answer, status = await handler(request)
        await self._cluster.store.flushed()
        await request.answer_json(answer, status)

    def _handler(self, method: str, parts: list[str]) -> Callable[[Request], Awaitable[tuple[Obj, int]]]:
        name = parts[1] if len(parts) > 1 else ""
        table: dict[tuple[str, ...], dict[str, Callable[[Request], Awaitable[tuple[Obj, int]]]]] = {
            ("nodes",): {"GET": self._list, "POST": self._add},
            ("nodes", name): {"GET": lambda _: self._show(name), "DELETE": lambda _: self._remove(name)},
            ("nodes", name, "fail"): {"POST": lambda _: self._fail(name)},
            ("nodes", name, "heal"): {"POST": lambda _: self._heal(name)},
            ("clock",): {"GET": self._time, "POST": self._advance},
        }
        methods = table.get(tuple(parts))
        if methods is None:
            raise no_such_resource()
        if method not in methods:
            raise no_such_method()
        return methods[method]

    @property
    def _nodes(self) -> NodeControl:
        if self._machines is None:
            raise ApiError(404, "NotFound", "this cluster runs without simulated nodes")
        return self._machines

    async def _list(self, request: Request) -> tuple[Obj, int]:
        return {"items": [self._described(name) for name in self._nodes.names()]}, 200

    async def _show(self, name: str) -> tuple[Obj, int]:
        self._cluster.entry("nodes", "", name)
        return self._described(name), 200

    def _described(self, name: str) -> Obj:
        node = self._cluster.store.find("nodes", "", name) or {}
        conditions = (node.get("status") or {}).get("conditions") or []
        ready = next((one["status"] for one in conditions if one["type"] == "Ready"), "Unknown")
        labels = (node.get("metadata") or {}).get("labels") or {}
        found = {"name": name, "ready": ready == "True", "labels": labels}
        taints = (node.get("spec") or {}).get("taints") or []
        return {**found, "taints": taints, "namespace": labels.get(PRIVATE)}

    async def _add(self, request: Request) -> tuple[Obj, int]:
        wanted = await _document(request)
        name, namespace = _text(wanted, "name"), _text(wanted, "namespace")
        labels, taints = wanted.get("labels") or {}, wanted.get("taints") or []
        _check_new(name, labels, taints)
        nodes = self._nodes
        if namespace:
            self._cluster.entry("namespaces", "", namespace)
            labels = {**labels, PRIVATE: namespace}
            taints = [*taints, {"key": PRIVATE, "value": namespace, "effect": "NoSchedule"}]
        nodes.add(name, labels=labels, taints=taints)
        if namespace:
            self._bind(namespace)
        return self._described(name), 201

    def _bind(self, namespace: str) -> None:
        """The namespace's pods go to its own nodes, by the annotations that a real cluster knows too."""
        annotations = self._cluster.entry("namespaces", "", namespace).obj["metadata"].get("annotations") or {}
        mine, toleration = f"{PRIVATE}={namespace}", {"key": PRIVATE, "operator": "Equal", "value": namespace}
        selector = [one for one in (annotations.get(NODE_SELECTOR) or "").split(",") if one and one != mine]
        known = [one for one in _list_in(annotations.get(DEFAULT_TOLERATIONS)) if one != toleration]
        patch = {
            NODE_SELECTOR: ",".join([*selector, mine]),
            DEFAULT_TOLERATIONS: orjson.dumps([*known, toleration]).decode(),
        }
        self._cluster.api.patch("namespaces", namespace, None, {"metadata": {"annotations": patch}})

    async def _remove(self, name: str) -> tuple[Obj, int]:
        described = self._described(name)
        self._nodes.remove(name)
        return described, 200

    async def _fail(self, name: str) -> tuple[Obj, int]:
        self._nodes.fail(name)
        return self._described(name), 200

    async def _heal(self, name: str) -> tuple[Obj, int]:
        self._nodes.heal(name)
        return self._described(name), 200

    async def _time(self, request: Request) -> tuple[Obj, int]:
        return {"now": timestamp(self._cluster.clock.now())}, 200

    async def _advance(self, request: Request) -> tuple[Obj, int]:
        seconds = (await _document(request)).get("seconds")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 <= seconds <= FARTHEST:
            raise bad_request(f"seconds: a number from 0 to {FARTHEST:.0f}")
        clock = self._cluster.clock
        await clock.advance(seconds)
        if self._cluster.journal is not None and isinstance(clock, RealClock):
            self._cluster.journal.keep_fact(CLOCK_FACT, str(clock.skipped))  # time does not go back at a restart
        return await self._time(request)


async def _document(request: Request) -> Obj:
    """JSON, whatever the type that it is sent with: this is for curl, too."""
    found: Obj = read_json(await request.body() or b"{}", "Object")
    return found


def _text(document: Obj, name: str) -> str:
    value = document.get(name) or ""
    if not isinstance(value, str):
        raise bad_request(f"{name}: a text")
    return value


def _check_new(name: str, labels: Any, taints: Any) -> None:
    errors = FieldErrors()
    for why in subdomain_problems(name):
        errors.invalid("name", name, why)
    if errors:
        raise invalid("Node", "", name, errors)
    if not isinstance(labels, dict) or not all(isinstance(one, str) for one in labels.values()):
        raise bad_request("labels: an object of texts")
    if not isinstance(taints, list) or not all(isinstance(one, dict) and one.get("key") for one in taints):
        raise bad_request("taints: a list of objects with key, value and effect")


def _list_in(text: str | None) -> list[Any]:
    try:
        found = orjson.loads(text or "[]")
    except orjson.JSONDecodeError:
        return []
    return found if isinstance(found, list) else []
