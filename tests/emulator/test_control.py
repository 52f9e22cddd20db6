"""The control API, and the clock that it moves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from k8slab.emulator.auth.authenticate import Authenticator
from k8slab.emulator.auth.tokens import TokenSigner
from k8slab.emulator.clock import RealClock
from k8slab.emulator.web.build import build_app
from tests.emulator.asgi import TOKEN, Client


class Machines:
    """Notes what it is asked."""

    def __init__(self, client: Client) -> None:
        self._api = client.cluster.api
        self.asked: list[tuple[str, str]] = []

    def names(self) -> Sequence[str]:
        return [one["metadata"]["name"] for one in self._api.list("nodes")]

    def add(
        self, name: str, *, labels: Mapping[str, str] | None = None, taints: Sequence[Mapping[str, str]] = ()
    ) -> None:
        self._api.create(
            "nodes", {"metadata": {"name": name, "labels": dict(labels or {})}, "spec": {"taints": taints}}
        )

    def remove(self, name: str) -> None:
        self._api.delete("nodes", name)

    def fail(self, name: str) -> None:
        self.asked.append(("fail", name))

    def heal(self, name: str) -> None:
        self.asked.append(("heal", name))


@pytest.fixture
def machines(client: Client) -> Machines:
    found, signer = Machines(client), TokenSigner()
    authenticator = Authenticator(client.cluster, TOKEN, signer, client.cluster.authorizer)
    client.app = build_app(client.cluster, authenticator, signer, None, found)
    return found


async def test_it_works(client: Client, machines: Machines) -> None:
    made = await client.post("/emulator/nodes", {"name": "own-1", "labels": {"disk": "ssd"}, "namespace": "team"})
    assert made.status == 201, made.json
    assert made.json["labels"]["k8slab.io/private-to"] == "team"
    assert [one["name"] for one in (await client.get("/emulator/nodes")).json["items"]] == ["own-1"]
    await client.post("/emulator/nodes/own-1/fail", {})
    await client.post("/emulator/nodes/own-1/heal", {})
    assert machines.asked == [("fail", "own-1"), ("heal", "own-1")]
    assert (await client.call("DELETE", "/emulator/nodes/own-1")).status == 200
    assert (await client.get("/emulator/nodes")).json == {"items": []}


async def test_pods_of_a_namespace_are_bound_to_its_own_nodes(client: Client, machines: Machines) -> None:
    for name in ("own-1", "own-2"):
        await client.post("/emulator/nodes", {"name": name, "namespace": "team"})
    body: Any = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}
    pod = (await client.post("/api/v1/namespaces/team/pods", body)).json
    assert pod["spec"]["nodeSelector"] == {"k8slab.io/private-to": "team"}
    wanted = {"key": "k8slab.io/private-to", "operator": "Equal", "value": "team"}
    assert [one for one in pod["spec"]["tolerations"] if one["key"] == wanted["key"]] == [wanted]


async def test_only_the_administrator_may(client: Client, machines: Machines) -> None:
    assert (await client.get("/emulator/nodes", token=None)).status == 403
    assert (await client.get("/emulator/nodes", user="somebody")).status == 403
    assert (await client.post("/emulator/clock", {"seconds": 1}, user="kubernetes-admin")).status == 403


async def test_bad_requests(client: Client, machines: Machines) -> None:
    assert (await client.post("/emulator/nodes", {"name": "Not A Name"})).status == 422
    assert (await client.post("/emulator/nodes", {"name": "a", "labels": []})).status == 201
    assert (await client.post("/emulator/nodes", {"name": "b", "namespace": "nope"})).status == 404
    assert (await client.post("/emulator/clock", {"seconds": -1})).status == 400
    assert (await client.post("/emulator/clock", {"seconds": "x"})).status == 400
    assert (await client.get("/emulator/nope")).status == 404
    assert (await client.call("PUT", "/emulator/clock", {})).status == 405


async def test_time_is_moved_on(client: Client, machines: Machines) -> None:
    before = client.cluster.clock.now()
    answer = await client.post("/emulator/clock", {"seconds": 90})
    assert answer.status == 200
    assert client.cluster.clock.now() == before + 90
    assert (await client.get("/emulator/clock")).json == answer.json


async def test_a_real_clock_skips_and_keeps_the_order() -> None:
    clock = RealClock()
    seen: list[str] = []
    before = clock.now()
    clock.call_later(50, lambda: seen.append("late"))

    def again() -> None:
        clock.call_later(10, lambda: seen.append("early"))

    clock.call_later(20, again)
    clock.call_later(25, lambda: seen.append("never")).cancel()
    sleeper = asyncio.ensure_future(clock.sleep(40))
    await asyncio.sleep(0)
    await clock.advance(60)
    assert seen == ["early", "late"]
    assert sleeper.done()
    assert 60 <= clock.now() - before < 65
    soon = asyncio.Event()
    clock.call_later(0.01, soon.set)
    await asyncio.wait_for(soon.wait(), 5)
