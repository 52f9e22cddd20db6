"""What a new cluster has before anybody asks: namespaces, the default service, priority classes, roles."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.cluster import Cluster
from k8slab.emulator.data import read_data
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import KINDS

FIRST_REVISION = 200  # so that a watch from revision 1 is as much too old as in a real cluster
STANDARD: Obj = {
    "metadata": {"name": "standard", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
    "provisioner": "k8slab.io/hostpath",
    "reclaimPolicy": "Delete",
    "volumeBindingMode": "Immediate",
}


def bootstrap(cluster: Cluster, *, with_nodes: bool) -> None:
    """Creates what is missing; an older database keeps what it has."""
    cluster.store.revision = max(cluster.store.revision, FIRST_REVISION)
    for resource, obj in _objects():
        _ensure(cluster, resource, obj)
    if with_nodes:
        _ensure(cluster, "storageclasses.storage.k8s.io", STANDARD)
    cluster.store.forget_history()


def _objects() -> list[tuple[str, Obj]]:
    documents: list[dict[str, Any]] = read_data(KINDS / "bootstrap.yaml")
    return [(resource, obj) for section in documents for resource, objects in section.items() for obj in objects]


def _ensure(cluster: Cluster, resource: str, obj: Obj) -> None:
    metadata = obj["metadata"]
    if cluster.api.find(resource, metadata["name"], metadata.get("namespace")) is None:
        cluster.api.create(resource, obj)
