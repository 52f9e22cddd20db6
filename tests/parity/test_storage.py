"""PersistentVolumes and claims: what fits is bound, what does not waits and says why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.parity.manifests import busybox, claim, pod
from tests.parity.space import Space
from tests.parity.waiting import eventually

NO_CLASS = {"storageClassName": ""}


@pytest.fixture
def volume(space: Space) -> Iterator[dict[str, Any]]:
    """A static volume that only a claim of this namespace's own class name finds."""
    spec = {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": space.name,
        "persistentVolumeReclaimPolicy": "Retain",
        "hostPath": {"path": f"/tmp/{space.name}"},
    }
    body = {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": space.name}, "spec": spec}
    yield space.client.create(body)
    space.client.delete("v1", "PersistentVolume", space.name)


def phase(space: Space, kind: str, name: str) -> str:
    found = space.client.get("v1", kind, name, None if kind == "PersistentVolume" else space.name)
    return str(found["status"].get("phase"))


def test_a_claim_binds_to_the_volume_that_fits(space: Space, volume: dict[str, Any]) -> None:
    space.create(claim("data", "500Mi", storageClassName=space.name))
    eventually(lambda: phase(space, "PersistentVolumeClaim", "data") == "Bound")
    bound = space.get("PersistentVolumeClaim", "data")
    assert bound["spec"]["volumeName"] == space.name
    assert bound["status"]["capacity"] == {"storage": "1Gi"}
    eventually(lambda: phase(space, "PersistentVolume", space.name) == "Bound")
    reference = space.client.get("v1", "PersistentVolume", space.name)["spec"]["claimRef"]
    assert (reference["name"], reference["uid"]) == ("data", bound["metadata"]["uid"])


def test_a_volume_that_is_kept_is_released(space: Space, volume: dict[str, Any]) -> None:
    space.create(claim("data", "1Gi", storageClassName=space.name))
    eventually(lambda: phase(space, "PersistentVolumeClaim", "data") == "Bound")
    space.delete("PersistentVolumeClaim", "data")
    eventually(lambda: phase(space, "PersistentVolume", space.name) == "Released")
    space.create(claim("again", "1Gi", storageClassName=space.name))
    space.event("again", "ProvisioningFailed")
    assert phase(space, "PersistentVolumeClaim", "again") == "Pending"


def test_what_nothing_fits_waits(space: Space) -> None:
    space.create(claim("data", "1Gi", **NO_CLASS))
    event = space.event("data", "FailedBinding")
    assert event["message"] == "no persistent volumes available for this claim and no storage class is set"
    assert phase(space, "PersistentVolumeClaim", "data") == "Pending"


def test_a_missing_class_is_told(space: Space) -> None:
    space.create(claim("data", storageClassName="no-such-class"))
    message = space.event("data", "ProvisioningFailed")["message"]
    assert message == 'storageclass.storage.k8s.io "no-such-class" not found'


def test_a_pod_waits_for_its_claim(space: Space) -> None:
    space.create(claim("data", **NO_CLASS))
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    space.create(pod("user", volumes=volumes))
    message = space.event("user", "FailedScheduling")["message"]
    assert "pod has unbound immediate PersistentVolumeClaims" in message


def test_a_claim_in_use_is_protected(space: Space, volume: dict[str, Any]) -> None:
    space.create(claim("data", storageClassName=space.name))
    mounted = {"volumeMounts": [{"name": "data", "mountPath": "/data"}]}
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    space.create(pod("user", busybox("while true; do sleep 1; done", **mounted), volumes=volumes))
    space.running("user")
    space.delete("PersistentVolumeClaim", "data")
    kept = space.get("PersistentVolumeClaim", "data")
    assert kept["metadata"]["finalizers"] == ["kubernetes.io/pvc-protection"]
    assert kept["metadata"]["deletionTimestamp"]
    space.delete("Pod", "user", grace=0)
    space.gone("PersistentVolumeClaim", "data")


def test_containers_of_a_pod_share_an_empty_dir(space: Space) -> None:
    mounted = {"volumeMounts": [{"name": "shared", "mountPath": "/shared"}]}
    loop = "while true; do sleep 1; done"
    both = [busybox(loop, "writer", **mounted), busybox(loop, "reader", **mounted)]
    space.create(pod("pair", *both, volumes=[{"name": "shared", "emptyDir": {}}]))
    space.running("pair")
    assert space.run("pair", "sh", "-c", "echo hello > /shared/file", container="writer") == (0, "")
    assert space.run("pair", "cat", "/shared/file", container="reader") == (0, "hello\n")
