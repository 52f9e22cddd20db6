"""What belongs to a sandbox outside its namespace: volumes, storage classes, further namespaces, the rights to them.

All of it carries the sandbox's name as a prefix; the cluster's policies see to that (`cluster_scope`).
"""

from __future__ import annotations

import logging
from dataclasses import replace
from weakref import WeakSet

from k8slab.kube.client import Client, Obj
from k8slab.kube.connection import Connection
from k8slab.kube.errors import Forbidden, UnknownKind

from . import cluster_scope, manifests
from .capabilities import simulated
from .manifests import Plan

log = logging.getLogger(__name__)

KINDS = (("v1", "Namespace"), ("v1", "PersistentVolume"), ("storage.k8s.io/v1", "StorageClass"))
BOUNDS = "k8slab-sandbox"  # a field manager of its own: a student who applies the namespace again takes nothing away
MOST = 3  # further namespaces of one sandbox
_opened: WeakSet[Connection] = WeakSet()  # over which the policies have been put into the cluster


def open_cluster(client: Client, plan: Plan) -> None:
    """The student's rights outside the namespace; none on a cluster that cannot bound them."""
    try:
        if client.connection not in _opened:
            for obj in cluster_scope.objects(simulated(client)):
                client.apply(obj, force=True)
            _opened.add(client.connection)
        client.apply(cluster_scope.binding(plan.namespace, plan.labels), force=True)
    except (Forbidden, UnknownKind) as error:
        log.warning("students may do nothing outside their namespaces here: %s", error)


def left(client: Client, namespace: str) -> list[tuple[str, str, Obj]]:
    """(apiVersion, kind, object) of everything that carries the sandbox's name."""
    return [
        (version, kind, item)
        for version, kind in KINDS
        for item in client.list(version, kind)["items"]
        if item["metadata"]["name"].startswith(f"{namespace}-")
        and manifests.OWNER not in (item["metadata"].get("labels") or {})  # another student's sandbox
    ]


def remove_all(client: Client, namespace: str) -> bool:
    """Asks for the deletion. Whether nothing is left. Pods of a namespace that goes get no grace."""
    there = left(client, namespace)
    for version, kind, item in there:
        name = item["metadata"]["name"]
        if not _going(item):
            client.delete(version, kind, name)
        if kind == "Namespace":
            client.delete_collection("v1", "Pod", name, grace=0)
    return not there


def _going(item: Obj) -> bool:
    return bool(item["metadata"].get("deletionTimestamp"))


def adopt(client: Client, plan: Plan, name: str) -> bool:
    """Makes a namespace that the student has made one to work in, bounded like the first. One too many is deleted
    again: then False, as for one that goes already."""
    spaces = [item for _, kind, item in left(client, plan.namespace) if kind == "Namespace"]
    if not any(item["metadata"]["name"] == name and not _going(item) for item in spaces):
        return False  # deleted meanwhile: it must not come back by being bounded
    if len(spaces) > MOST:
        client.delete("v1", "Namespace", name)
        return False
    inside = replace(plan, namespace=name, home=plan.namespace)
    client.apply(manifests.namespace(inside), field_manager=BOUNDS, force=True)
    for fixture in manifests.fixtures(inside):
        client.apply(fixture, name, force=True)
    return True
