from __future__ import annotations

from typing import Any

from tests.emulator.world import World

CLAIM = {
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": "x"},
}


async def stateful(world: World, replicas: int = 2, image: str = "nginx:1.25", **spec: Any) -> None:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": image}]}}
    body = {"replicas": replicas, "selector": {"matchLabels": {"app": "web"}}, "serviceName": "web"}
    await world.create("statefulsets.apps", "web", {**body, "template": template, **spec})


def status(world: World) -> dict[str, Any]:
    held: dict[str, Any] = world.get("statefulsets.apps", "web")["status"]
    return held


def image(tag: str) -> dict[str, Any]:
    return {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": tag}]}}}}


def images(world: World) -> list[str]:
    return [pod["spec"]["containers"][0]["image"] for pod in world.all("pods")]


async def test_it_works(world: World) -> None:
    await stateful(world)
    await world.clock.advance(5)
    assert world.names("pods") == ["web-0", "web-1"]
    pod = world.get("pods", "web-1")
    assert (pod["spec"]["hostname"], pod["spec"]["subdomain"]) == ("web-1", "web")
    held = status(world)
    revision = held["updateRevision"]
    assert pod["metadata"]["labels"] == {
        "app": "web",
        "apps.kubernetes.io/pod-index": "1",
        "controller-revision-hash": revision,
        "statefulset.kubernetes.io/pod-name": "web-1",
    }
    assert held == {
        "observedGeneration": 1,
        "replicas": 2,
        "readyReplicas": 2,
        "currentReplicas": 2,
        "updatedReplicas": 2,
        "currentRevision": revision,
        "updateRevision": revision,
        "collisionCount": 0,
        "availableReplicas": 2,
    }
    assert ("SuccessfulCreate", "Create Pod web-0 in StatefulSet web successful") in world.events("web")


async def test_the_next_waits_for_the_one_before(world: World) -> None:
    await stateful(world, 3, image="nginx:nosuchtag")
    await world.clock.advance(60)
    assert world.names("pods") == ["web-0"]
    assert "readyReplicas" not in status(world)


async def test_parallel_does_not_wait(world: World) -> None:
    await stateful(world, 3, image="nginx:nosuchtag", podManagementPolicy="Parallel")
    await world.clock.advance(5)
    assert world.names("pods") == ["web-0", "web-1", "web-2"]


async def test_the_last_goes_first(world: World) -> None:
    await stateful(world, 3)
    await world.clock.advance(5)
    await world.change("statefulsets.apps", "web", {"spec": {"replicas": 1}})
    await world.clock.advance(120)
    assert world.names("pods") == ["web-0"]
    gone = [text for reason, text in world.events("web") if reason == "SuccessfulDelete"]
    assert sorted(gone) == [f"Delete Pod web-{n} in StatefulSet web successful" for n in (1, 2)]


async def test_a_deleted_pod_comes_back_as_itself(world: World) -> None:
    await stateful(world)
    await world.clock.advance(5)
    before = world.get("pods", "web-0")["metadata"]["uid"]
    await world.delete("pods", "web-0")
    await world.clock.advance(40)
    assert world.names("pods") == ["web-0", "web-1"]
    assert world.get("pods", "web-0")["metadata"]["uid"] != before


async def test_an_update_goes_from_the_last_to_the_first(world: World) -> None:
    await stateful(world, 3, minReadySeconds=10)
    await world.clock.advance(60)
    await world.change("statefulsets.apps", "web", image("nginx:1.26"))
    assert images(world) == ["nginx:1.25", "nginx:1.25", "nginx:1.26"]
    await world.clock.advance(200)
    assert images(world) == ["nginx:1.26"] * 3
    held = status(world)
    assert held["currentRevision"] == held["updateRevision"]
    assert sorted(r["revision"] for r in world.all("controllerrevisions.apps")) == [1, 2]


async def test_a_roll_back_takes_the_old_revision_again(world: World) -> None:
    await stateful(world, 1)
    await world.clock.advance(5)
    first = status(world)["updateRevision"]
    await world.change("statefulsets.apps", "web", image("nginx:1.26"))
    await world.clock.advance(60)
    await world.change("statefulsets.apps", "web", image("nginx:1.25"))
    await world.clock.advance(60)
    assert status(world)["currentRevision"] == first
    assert sorted(r["revision"] for r in world.all("controllerrevisions.apps")) == [2, 3]


async def test_below_the_partition_nothing_changes(world: World) -> None:
    await stateful(world, 3, updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": 2}})
    await world.clock.advance(5)
    await world.change("statefulsets.apps", "web", image("nginx:1.26"))
    await world.clock.advance(100)
    assert images(world) == ["nginx:1.25", "nginx:1.25", "nginx:1.26"]
    await world.delete("pods", "web-0")
    await world.clock.advance(40)
    assert images(world)[0] == "nginx:1.25"
    assert (status(world)["currentReplicas"], status(world)["updatedReplicas"]) == (2, 1)


async def test_on_delete_waits_for_somebody_to_delete(world: World) -> None:
    await stateful(world, 2, updateStrategy={"type": "OnDelete"})
    await world.clock.advance(5)
    await world.change("statefulsets.apps", "web", image("nginx:1.26"))
    await world.clock.advance(60)
    assert images(world) == ["nginx:1.25", "nginx:1.25"]
    await world.delete("pods", "web-1")
    await world.clock.advance(40)
    assert images(world) == ["nginx:1.25", "nginx:1.26"]


async def test_claims_are_made_and_stay(world: World) -> None:
    await stateful(world, 1, volumeClaimTemplates=[CLAIM])
    claim = world.get("persistentvolumeclaims", "data-web-0")
    assert claim["metadata"]["labels"] == {"app": "web"}
    volumes = world.get("pods", "web-0")["spec"]["volumes"]
    assert volumes[0] == {"name": "data", "persistentVolumeClaim": {"claimName": "data-web-0"}}
    assert ("SuccessfulCreate", "Create Claim data-web-0 Pod web-0 in StatefulSet web success") in world.events("web")
    await world.delete("statefulsets.apps", "web")
    await world.clock.advance(60)
    assert world.names("pods") == []
    assert world.names("persistentvolumeclaims") == ["data-web-0"]


async def test_claims_go_where_the_set_says_so(world: World) -> None:
    policy = {"whenScaled": "Delete", "whenDeleted": "Delete"}
    await stateful(world, 1, volumeClaimTemplates=[CLAIM], persistentVolumeClaimRetentionPolicy=policy)
    await world.delete("statefulsets.apps", "web")
    await world.clock.advance(90)
    assert world.names("persistentvolumeclaims") == []


async def test_ordinals_may_start_elsewhere(world: World) -> None:
    await stateful(world, 2, ordinals={"start": 5})
    await world.clock.advance(5)
    assert world.names("pods") == ["web-5", "web-6"]
