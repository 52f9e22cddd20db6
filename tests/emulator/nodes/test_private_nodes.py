"""Machines of one namespace, as an exercise that fails nodes asks for them: over HTTP, with everything behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from k8slab.emulator.auth.authenticate import Authenticator
from k8slab.emulator.auth.tokens import TokenSigner
from k8slab.emulator.clock import settle
from k8slab.emulator.web.build import build_app
from tests.emulator.asgi import TOKEN, Client
from tests.emulator.world import World, open_world

NODES = "/emulator/nodes"
PODS = "/api/v1/namespaces/team/pods"


class Lab(Client):
    """A whole cluster, and its HTTP side."""

    world: World

    async def nodes(self, *names: str) -> None:
        for name in names:
            made = await self.post(NODES, {"name": name, "namespace": "team"})
            assert made.status == 201, made.json
        await settle()

    async def pod(self, name: str, namespace: str = "team", **spec: Any) -> Any:
        containers = [{"name": "c", "image": "nginx:1.25"}]
        body = {"metadata": {"name": name}, "spec": {"containers": containers, **spec}}
        await self.post(f"/api/v1/namespaces/{namespace}/pods", body)
        await settle()
        return (await self.get(f"/api/v1/namespaces/{namespace}/pods/{name}")).json

    async def names(self) -> list[str]:
        return [one["name"] for one in (await self.get(NODES)).json["items"]]


def lab_of(world: World) -> Lab:
    cluster = world.api._cluster  # type: ignore[attr-defined]  # the API of a test is always the inside one
    signer = TokenSigner()
    authenticator = Authenticator(cluster, TOKEN, signer, cluster.authorizer)
    made = Lab(build_app(cluster, authenticator, signer, world.nodes, world.nodes), cluster)
    made.world = world
    return made


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with open_world(2) as world:
        world.api.create("namespaces", {"metadata": {"name": "team"}})
        await settle()
        yield lab_of(world)


async def test_it_works(lab: Lab) -> None:
    await lab.nodes("team-1", "team-2")
    placed = {(await lab.pod(f"p{number}"))["spec"]["nodeName"] for number in range(4)}
    assert placed == {"team-1", "team-2"}
    assert (await lab.pod("other", "t"))["spec"]["nodeName"] in ("node-1", "node-2")


async def test_labels_and_taints_come_with_a_machine(lab: Lab) -> None:
    taint = {"key": "disk", "value": "slow", "effect": "NoSchedule"}
    body = {"name": "team-1", "namespace": "team", "labels": {"disk": "hdd"}, "taints": [taint]}
    made = (await lab.post(NODES, body)).json
    assert made["labels"]["disk"] == "hdd"
    assert taint in made["taints"]
    assert "nodeName" not in (await lab.pod("p"))["spec"]
    tolerating = await lab.pod("q", tolerations=[{"key": "disk", "operator": "Exists"}])
    assert tolerating["spec"]["nodeName"] == "team-1"


async def test_a_failure_is_felt_by_its_owner_only(lab: Lab) -> None:
    await lab.nodes("team-1")
    short = [{"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute"}]
    short[0]["tolerationSeconds"] = 5  # type: ignore[assignment]  # a number among texts
    await lab.pod("p", tolerations=short)
    other = await lab.pod("other", "t")
    await lab.post(f"{NODES}/team-1/fail", {})
    await lab.world.clock.advance(70)
    assert (await lab.get(f"{NODES}/team-1")).json["ready"] is False
    assert "deletionTimestamp" in (await lab.get(f"{PODS}/p")).json["metadata"]
    again = (await lab.get("/api/v1/namespaces/t/pods/other")).json
    assert again["status"]["phase"] == "Running"
    assert again["spec"]["nodeName"] == other["spec"]["nodeName"]
    await lab.post(f"{NODES}/team-1/heal", {})
    await lab.world.clock.advance(31)
    assert (await lab.get(f"{NODES}/team-1")).json["ready"] is True
    assert (await lab.get(f"{PODS}/p")).status == 404


async def test_a_conflicting_node_selector_is_refused_as_by_kubernetes(lab: Lab) -> None:
    await lab.nodes("team-1")
    spec = {"containers": [{"name": "c", "image": "nginx"}], "nodeSelector": {"k8slab.io/private-to": "else"}}
    refused = await lab.post(PODS, {"metadata": {"name": "p"}, "spec": spec})
    assert refused.status == 403
    assert "pod node label selector conflicts with its namespace node label selector" in refused.json["message"]


async def test_only_the_administrators_token_moves_machines(lab: Lab) -> None:
    await lab.nodes("team-1")
    for method, path in (("POST", "/team-1/fail"), ("POST", "/team-1/heal"), ("DELETE", "/team-1"), ("POST", "")):
        answer = await lab.call(method, NODES + path, {"name": "x"}, user="system:serviceaccount:team:default")
        assert answer.status == 403
    assert (await lab.call("DELETE", f"{NODES}/team-1")).status == 200
    assert await lab.names() == ["node-1", "node-2"]


async def test_machines_go_with_their_namespace_even_when_they_had_failed(lab: Lab) -> None:
    await lab.nodes("team-1", "team-2")
    await lab.pod("p", nodeSelector={"kubernetes.io/hostname": "team-1"})
    await lab.post(f"{NODES}/team-1/fail", {})
    await lab.call("DELETE", "/api/v1/namespaces/team")
    await lab.world.clock.advance(40)
    assert (await lab.get("/api/v1/namespaces/team")).status == 404
    assert await lab.names() == ["node-1", "node-2"]


async def test_pods_that_were_to_end_on_a_machine_end_with_it(lab: Lab) -> None:
    await lab.nodes("team-1")
    await lab.pod("p")
    await lab.post(f"{NODES}/team-1/fail", {})
    await lab.call("DELETE", f"{PODS}/p")
    assert (await lab.get(f"{PODS}/p")).status == 200
    await lab.call("DELETE", f"{NODES}/team-1")
    assert (await lab.get(f"{PODS}/p")).status == 404


async def test_machines_whose_namespace_went_meanwhile_are_not_kept(tmp_path: Path) -> None:
    async with open_world(1, tmp_path) as world:
        world.nodes.add("lost-1", labels={"k8slab.io/private-to": "gone"})
        await settle()
    async with open_world(1, tmp_path) as world:
        assert await lab_of(world).names() == ["node-1"]


async def test_without_simulated_nodes_there_are_no_machines_to_ask_for(client: Client) -> None:
    answer = await client.get(NODES)
    assert (answer.status, answer.json["reason"]) == (404, "NotFound")
