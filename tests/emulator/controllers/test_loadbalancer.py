from __future__ import annotations

import asyncio
from typing import Any

from k8slab.emulator.clock import settle
from k8slab.emulator.controllers.loadbalancer import CLEANUP
from tests.emulator.world import World


def address(world: World, name: str) -> str:
    given = world.get("services", name)["status"]["loadBalancer"].get("ingress") or [{}]
    return str(given[0].get("ip", ""))


async def balanced(world: World, name: str = "web", **spec: Any) -> None:
    await world.service(name, {"app": name}, 80, 80, type="LoadBalancer", **spec)


async def fetched(world: World) -> str:
    asked = asyncio.ensure_future(world.sh("client", "wget -T 1 -qO- http://172.18.200.1/"))
    await settle()
    if not asked.done():
        await world.clock.advance(10)
    return (await asked).strip()


async def answering(world: World, name: str = "web") -> None:
    args = {"args": ["-listen=:80", f"-text={name}"]}
    await world.pod(f"{name}-pod", "hashicorp/http-echo:1.0", container=args, meta={"labels": {"app": name}})
    await world.pod("client", container={"command": ["sleep", "99999"]})


async def test_it_works(world: World) -> None:
    await balanced(world)
    await answering(world)
    assert address(world, "web") == "172.18.200.1"
    service = world.get("services", "web")
    assert service["metadata"]["finalizers"] == [CLEANUP]
    assert service["status"]["loadBalancer"]["ingress"][0]["ipMode"] == "VIP"
    assert world.events("web") == [
        ("EnsuringLoadBalancer", "Ensuring load balancer"),
        ("EnsuredLoadBalancer", "Ensured load balancer"),
    ]
    assert await fetched(world) == "web"
    await world.delete("pods", "web-pod", grace_seconds=0)
    assert "Connection refused" in await fetched(world)


async def test_its_end_is_told_and_its_address_is_given_again(world: World) -> None:
    await balanced(world, "one")
    await balanced(world, "two")
    assert address(world, "two") == "172.18.200.2"
    await world.delete("services", "one")
    assert world.find("services", "one") is None
    assert [reason for reason, _ in world.events("one")][2:] == ["DeletingLoadBalancer", "DeletedLoadBalancer"]
    await world.change("services", "two", {"spec": {"type": "ClusterIP"}})
    service = world.get("services", "two")
    assert (service["status"], service["metadata"].get("finalizers")) == ({"loadBalancer": {}}, None)
    assert world.events("two")[2:] == [
        ("Type", "LoadBalancer -> ClusterIP"),
        ("DeletingLoadBalancer", "Deleting load balancer"),
        ("DeletedLoadBalancer", "Deleted load balancer"),
    ]
    await balanced(world, "three")
    assert address(world, "three") == "172.18.200.1"


async def test_source_ranges_keep_others_out(world: World) -> None:
    await balanced(world, loadBalancerSourceRanges=["203.0.113.0/24"])
    await answering(world)
    assert await fetched(world) == "wget: download timed out"
    await world.change("services", "web", {"spec": {"loadBalancerSourceRanges": ["10.244.0.0/16"]}})
    assert await fetched(world) == "web"
    assert ("LoadBalancerSourceRanges", "[203.0.113.0/24] -> [10.244.0.0/16]") in world.events("web")


async def test_node_ports_may_be_left_out(world: World) -> None:
    await balanced(world, allocateLoadBalancerNodePorts=False)
    await answering(world)
    assert "nodePort" not in world.get("services", "web")["spec"]["ports"][0]
    assert await fetched(world) == "web"


async def test_local_traffic_has_a_health_check_port(world: World) -> None:
    await balanced(world, externalTrafficPolicy="Local")
    port = world.get("services", "web")["spec"]["healthCheckNodePort"]
    assert 30000 <= port <= 32767
    await world.change("services", "web", {"spec": {"sessionAffinity": "ClientIP"}})
    assert world.get("services", "web")["spec"]["healthCheckNodePort"] == port
    await world.change("services", "web", {"spec": {"externalTrafficPolicy": "Cluster"}})
    assert "healthCheckNodePort" not in world.get("services", "web")["spec"]
    assert ("ExternalTrafficPolicy", "Local -> Cluster") in world.events("web")


async def test_an_address_may_be_asked_for(world: World) -> None:
    await balanced(world, "one", loadBalancerIP="172.18.201.9")
    await balanced(world, "two", loadBalancerIP="172.18.201.9")
    await balanced(world, "far", loadBalancerIP="192.0.2.1")
    assert (address(world, "one"), address(world, "two"), address(world, "far")) == ("172.18.201.9", "", "")
    failed = dict(world.events("far"))["SyncLoadBalancerFailed"]
    assert failed.startswith("Error syncing load balancer: failed to ensure load balancer: 192.0.2.1 is not one of")
    await world.delete("services", "one")
    assert address(world, "two") == "172.18.201.9"


async def test_another_class_is_somebody_elses(world: World) -> None:
    await balanced(world, loadBalancerClass="example.com/other")
    assert (address(world, "web"), world.events("web")) == ("", [])
    await world.delete("services", "web")
    assert world.find("services", "web") is None
