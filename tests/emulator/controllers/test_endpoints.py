from __future__ import annotations

from tests.emulator.world import World


def addresses(world: World, name: str) -> list[tuple[str, bool]]:
    return [
        (endpoint["targetRef"]["name"], endpoint["conditions"]["ready"])
        for piece in world.all("endpointslices.discovery.k8s.io")
        if piece["metadata"]["labels"]["kubernetes.io/service-name"] == name
        for endpoint in piece["endpoints"] or ()
    ]


async def test_it_works(world: World) -> None:
    await world.pod("p", "nginx:1.25", meta={"labels": {"app": "x"}})
    await world.service("s", {"app": "x"}, 9090, 80)
    assert addresses(world, "s") == [("p", True)]
    subset = world.get("endpoints", "s")["subsets"][0]
    assert subset["addresses"][0]["ip"] == world.get("pods", "p")["status"]["podIP"]
    assert subset["ports"] == [{"port": 80, "protocol": "TCP"}]


async def test_a_selector_that_fits_nothing_shows_as_empty(world: World) -> None:
    await world.pod("p", "nginx:1.25", meta={"labels": {"app": "x"}})
    await world.service("s", {"app": "y"}, 80, 80)
    assert "subsets" not in world.get("endpoints", "s")
    piece = world.all("endpointslices.discovery.k8s.io")[0]
    assert (piece["endpoints"], piece["ports"]) == (None, None)


async def test_unready_pods_are_listed_apart(world: World) -> None:
    probe = {"readinessProbe": {"httpGet": {"path": "/nope", "port": 80}}}
    await world.pod("p", "nginx:1.25", container=probe, meta={"labels": {"app": "x"}})
    await world.service("s", {"app": "x"}, 80, 80)
    assert addresses(world, "s") == [("p", False)]
    assert "notReadyAddresses" in world.get("endpoints", "s")["subsets"][0]


async def test_named_ports_are_looked_up_in_the_pod(world: World) -> None:
    ports = {"ports": [{"name": "web", "containerPort": 8080}]}
    await world.pod("p", "nginx:1.25", container=ports, meta={"labels": {"app": "x"}})
    await world.service("s", {"app": "x"}, 80, "web")
    await world.service("none", {"app": "x"}, 80, "nope")
    assert world.get("endpoints", "s")["subsets"][0]["ports"][0]["port"] == 8080
    assert "subsets" not in world.get("endpoints", "none")
    assert addresses(world, "none") == [("p", True)]


async def test_the_labels_follow_the_service(world: World) -> None:
    await world.service("s", {"app": "x"}, 80, 80)
    await world.change("services", "s", {"metadata": {"labels": {"l": "v"}}})
    assert world.get("endpoints", "s")["metadata"]["labels"]["l"] == "v"
    await world.delete("services", "s")
    assert world.find("endpoints", "s") is None
    assert not world.all("endpointslices.discovery.k8s.io")
