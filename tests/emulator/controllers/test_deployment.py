from __future__ import annotations

from k8slab.emulator.clock import settle
from tests.emulator.world import World


def condition(world: World, name: str, kind: str) -> tuple[str, str, str]:
    found = next(c for c in world.get("deployments.apps", name)["status"]["conditions"] if c["type"] == kind)
    return found["status"], found["reason"], found["message"]


def sets(world: World) -> dict[str, int]:
    """Sizes of the ReplicaSets by image."""
    return {
        rs["spec"]["template"]["spec"]["containers"][0]["image"]: rs["spec"]["replicas"]
        for rs in world.all("replicasets.apps")
    }


def with_image(image: str) -> dict[str, object]:
    return {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": image}]}}}}


async def test_it_works(world: World) -> None:
    await world.deployment("d", 3)
    status = world.get("deployments.apps", "d")["status"]
    assert (status["replicas"], status["updatedReplicas"], status["availableReplicas"]) == (3, 3, 3)
    assert status["observedGeneration"] == 1
    assert condition(world, "d", "Available") == (
        "True",
        "MinimumReplicasAvailable",
        "Deployment has minimum availability.",
    )
    name = world.names("replicasets.apps")[0]
    text = f'ReplicaSet "{name}" has successfully progressed.'
    assert condition(world, "d", "Progressing") == ("True", "NewReplicaSetAvailable", text)
    assert world.events("d") == [("ScalingReplicaSet", f"Scaled up replica set {name} from 0 to 3")]


async def test_a_new_image_rolls_pod_by_pod(world: World) -> None:
    await world.deployment("d", 2)
    await world.change("deployments.apps", "d", with_image("nginx:1.26"))
    await settle()
    assert sets(world) == {"nginx:1.25": 0, "nginx:1.26": 2}
    steps = [text.partition("from ")[2] for _, text in world.events("d")]
    assert sorted(steps) == ["0 to 1", "0 to 2", "1 to 0", "1 to 2", "2 to 1"]
    assert world.get("deployments.apps", "d")["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "2"


async def test_an_image_that_does_not_exist_leaves_the_old_pods(world: World) -> None:
    await world.deployment("d", 4)
    await world.change("deployments.apps", "d", with_image("nginx:1.161"))
    assert sets(world) == {"nginx:1.25": 3, "nginx:1.161": 2}
    assert world.get("deployments.apps", "d")["status"]["availableReplicas"] == 3
    await world.clock.advance(605)
    assert condition(world, "d", "Progressing")[:2] == ("False", "ProgressDeadlineExceeded")


async def test_going_back_uses_the_old_set_again(world: World) -> None:
    await world.deployment("d", 1)
    first = world.names("replicasets.apps")[0]
    await world.change("deployments.apps", "d", with_image("nginx:1.26"))
    await world.change("deployments.apps", "d", with_image("nginx:1.25"))
    annotations = world.get("replicasets.apps", first)["metadata"]["annotations"]
    assert annotations["deployment.kubernetes.io/revision"] == "3"
    assert annotations["deployment.kubernetes.io/revision-history"] == "1"
    assert len(world.all("replicasets.apps")) == 2


async def test_paused_it_scales_but_does_not_roll(world: World) -> None:
    await world.deployment("d", 1)
    await world.change("deployments.apps", "d", {"spec": {"paused": True}})
    assert condition(world, "d", "Progressing") == ("Unknown", "DeploymentPaused", "Deployment is paused")
    await world.change("deployments.apps", "d", with_image("nginx:1.26"))
    await world.change("deployments.apps", "d", {"spec": {"replicas": 2}})
    assert sets(world) == {"nginx:1.25": 2}


async def test_recreate_waits_for_the_old_pods_to_go(world: World) -> None:
    await world.deployment("d", 2, "busybox:1.36", strategy={"type": "Recreate"})
    slow = [{"name": "c", "image": "busybox:1.36", "command": ["sleep", "3600"]}]
    await world.change("deployments.apps", "d", {"spec": {"template": {"spec": {"containers": slow}}}})
    before = {p["metadata"]["uid"] for p in world.all("pods")}
    await world.change("deployments.apps", "d", with_image("nginx:1.25"))
    assert {p["metadata"]["uid"] for p in world.all("pods")} == before
    await world.clock.advance(31)
    assert not {p["metadata"]["uid"] for p in world.all("pods")} & before
    assert world.get("deployments.apps", "d")["status"]["availableReplicas"] == 2


async def test_history_is_kept_to_its_limit(world: World) -> None:
    await world.deployment("d", 1, revisionHistoryLimit=1)
    for image in ("nginx:1.26", "nginx:1.27", "nginx:1.28"):
        await world.change("deployments.apps", "d", with_image(image))
        await settle()
    assert set(sets(world)) == {"nginx:1.27", "nginx:1.28"}


async def test_deleting_it_takes_everything_along(world: World) -> None:
    await world.deployment("d", 2)
    await world.delete("deployments.apps", "d")
    await settle()
    assert world.names("replicasets.apps") == world.names("pods") == []
