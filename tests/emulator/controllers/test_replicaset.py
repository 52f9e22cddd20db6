from __future__ import annotations

from tests.emulator.world import World


def spec(replicas: int, image: str = "nginx:1.25") -> dict[str, object]:
    template = {"metadata": {"labels": {"app": "r"}}, "spec": {"containers": [{"name": "c", "image": image}]}}
    return {"replicas": replicas, "selector": {"matchLabels": {"app": "r"}}, "template": template}


async def test_it_works(world: World) -> None:
    await world.create("replicasets.apps", "r", spec(2))
    status = world.get("replicasets.apps", "r")["status"]
    assert status == {
        "replicas": 2,
        "fullyLabeledReplicas": 2,
        "readyReplicas": 2,
        "availableReplicas": 2,
        "terminatingReplicas": 0,
        "observedGeneration": 1,
    }
    assert {text for _, text in world.events("r")} == {f"Created pod: {name}" for name in world.names("pods")}
