"""PersistentVolumeClaimResize: a claim may grow only where its class lets it."""

from __future__ import annotations

from decimal import Decimal

from k8slab.emulator.admission.chain import Attributes, validating
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse
from k8slab.emulator.status import forbidden

ONLY_BOUND = "Only bound persistent volume claims can be expanded"
ONLY_RESIZABLE = (
    "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
)


@validating(35)
def check_growth(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    old, new = attributes.old, attributes.obj
    if attributes.kind.key != "persistentvolumeclaims" or attributes.operation != "UPDATE" or attributes.subresource:
        return
    if old is None or _size(new) <= _size(old):
        return
    if (old.get("status") or {}).get("phase") != "Bound":
        raise forbidden("persistentvolumeclaims", "", attributes.name, ONLY_BOUND)
    name = new["spec"].get("storageClassName") or ""
    found = cluster.store.find("storageclasses.storage.k8s.io", "", name) if name else None
    if found is None or not found.get("allowVolumeExpansion"):
        raise forbidden("persistentvolumeclaims", "", attributes.name, ONLY_RESIZABLE)


def _size(claim: Obj) -> Decimal:
    return parse(((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage", "0"))
