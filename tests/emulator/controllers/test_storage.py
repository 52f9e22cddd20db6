from __future__ import annotations

from k8slab.emulator.clock import settle
from tests.emulator.world import World


async def volume(world: World, name: str, size: str = "1Gi", **more: object) -> None:
    spec = {
        "capacity": {"storage": size},
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "manual",
        "hostPath": {"path": f"/mnt/{name}"},
        **more,
    }
    world.api.create("persistentvolumes", {"metadata": {"name": name, "labels": {"name": name}}, "spec": spec})
    await settle()


async def claim(world: World, name: str, size: str = "1Gi", storage_class: str = "manual", **more: object) -> None:
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": size}},
        "storageClassName": storage_class,
        **more,
    }
    await world.create("persistentvolumeclaims", name, spec)


def phase(world: World, name: str) -> str:
    return str(world.get("persistentvolumeclaims", name)["status"]["phase"])


def volume_phase(world: World, name: str) -> str:
    return str(world.api.get("persistentvolumes", name)["status"]["phase"])


async def test_the_smallest_that_fits_is_taken(world: World) -> None:
    for name, size in (("big", "10Gi"), ("small", "1Gi"), ("fits", "3Gi")):
        await volume(world, name, size)
    await claim(world, "c", "2Gi")
    bound = world.get("persistentvolumeclaims", "c")
    assert bound["spec"]["volumeName"] == "fits"
    assert bound["status"] == {"phase": "Bound", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "3Gi"}}
    assert [volume_phase(world, name) for name in ("big", "fits", "small")] == ["Available", "Bound", "Available"]


async def test_a_claim_waits_and_a_late_volume_binds_it(world: World) -> None:
    await claim(world, "c", storage_class="")
    text = "no persistent volumes available for this claim and no storage class is set"
    assert phase(world, "c") == "Pending"
    assert world.events("c") == [("FailedBinding", text)]
    await volume(world, "late", storageClassName="")
    assert phase(world, "c") == "Bound"


async def test_an_unknown_class_is_named(world: World) -> None:
    await claim(world, "c", storage_class="nope")
    assert world.events("c") == [("ProvisioningFailed", 'storageclass.storage.k8s.io "nope" not found')]


async def test_a_selector_chooses(world: World) -> None:
    await volume(world, "a")
    await volume(world, "b")
    await claim(world, "c", selector={"matchLabels": {"name": "b"}})
    assert world.get("persistentvolumeclaims", "c")["spec"]["volumeName"] == "b"


async def test_a_retained_volume_is_released_and_stays_so(world: World) -> None:
    await volume(world, "v")
    await claim(world, "c")
    await world.delete("persistentvolumeclaims", "c")
    assert volume_phase(world, "v") == "Released"
    await claim(world, "again")
    assert phase(world, "again") == "Pending"
    world.api.patch("persistentvolumes", "v", None, {"spec": {"claimRef": None}})
    await settle()
    assert phase(world, "again") == "Bound"


async def test_the_standard_class_makes_volumes_and_deletes_them(world: World) -> None:
    await claim(world, "c", storage_class="standard")
    assert phase(world, "c") == "Bound"
    name = world.get("persistentvolumeclaims", "c")["spec"]["volumeName"]
    assert ("ProvisioningSucceeded", f"Successfully provisioned volume {name}") in world.events("c")
    await world.delete("persistentvolumeclaims", "c")
    await settle()
    assert world.api.find("persistentvolumes", name) is None


async def test_a_claim_in_use_stays_until_its_pod_has_gone(world: World) -> None:
    await volume(world, "v")
    await claim(world, "c")
    volumes = [{"name": "d", "persistentVolumeClaim": {"claimName": "c"}}]
    await world.pod("p", "nginx:1.25", volumes=volumes)
    await world.delete("persistentvolumeclaims", "c")
    assert world.find("persistentvolumeclaims", "c") is not None
    await world.delete("pods", "p")
    await settle()
    assert world.find("persistentvolumeclaims", "c") is None


async def test_a_claim_whose_volume_is_torn_away_is_lost(world: World) -> None:
    await volume(world, "v")
    await claim(world, "c")
    world.api.delete("persistentvolumes", "v")
    world.api.patch("persistentvolumes", "v", None, {"metadata": {"finalizers": None}})
    await settle()
    assert phase(world, "c") == "Lost"
    assert ("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!") in world.events("c")


async def test_a_delayed_class_binds_with_the_first_pod(world: World) -> None:
    world.api.create(
        "storageclasses.storage.k8s.io",
        {
            "metadata": {"name": "manual"},
            "provisioner": "kubernetes.io/no-provisioner",
            "volumeBindingMode": "WaitForFirstConsumer",
        },
    )
    await volume(world, "v")
    await claim(world, "c")
    assert phase(world, "c") == "Pending"
    text = "waiting for first consumer to be created before binding"
    assert ("WaitForFirstConsumer", text) in world.events("c")
    await world.pod("p", "nginx:1.25", volumes=[{"name": "d", "persistentVolumeClaim": {"claimName": "c"}}])
    assert phase(world, "c") == "Bound"
    assert world.get("pods", "p")["status"]["phase"] == "Running"


async def test_what_is_written_outlives_the_pod(world: World) -> None:
    await claim(world, "c", storage_class="standard")
    volumes = [{"name": "d", "persistentVolumeClaim": {"claimName": "c"}}]
    container = {"volumeMounts": [{"name": "d", "mountPath": "/data"}]}
    quick = {"volumes": volumes, "container": container, "terminationGracePeriodSeconds": 0}
    await world.pod("one", command=["sleep", "3600"], **quick)
    await world.sh("one", "echo kept > /data/note")
    await world.delete("pods", "one", grace_seconds=0)
    await world.pod("two", command=["sleep", "3600"], **quick)
    assert await world.sh("two", "cat /data/note") == "kept\n"
