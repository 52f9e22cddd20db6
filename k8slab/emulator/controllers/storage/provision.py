"""What the built-in provisioner makes."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.controllers.storage.binding import PROVISIONED_BY, claim_ref
from k8slab.emulator.ports import Obj

OWN_PROVISIONER = "k8slab.io/hostpath"
OWN_DRIVER = "hostpath.k8slab.io"


def volume_for(claim: Obj, storage_class: Obj) -> dict[str, Any]:
    """A volume of exactly the claim's size, reachable from every node."""
    name = f"pvc-{claim['metadata']['uid']}"
    spec = claim["spec"]
    return {
        "metadata": {"name": name, "annotations": {PROVISIONED_BY: OWN_PROVISIONER}},
        "spec": {
            "capacity": {"storage": spec["resources"]["requests"]["storage"]},
            "accessModes": spec["accessModes"],
            "volumeMode": spec.get("volumeMode", "Filesystem"),
            "persistentVolumeReclaimPolicy": storage_class.get("reclaimPolicy", "Delete"),
            "storageClassName": storage_class["metadata"]["name"],
            "claimRef": claim_ref(claim),
            "csi": {"driver": OWN_DRIVER, "volumeHandle": name},
        },
    }
