"""`kubectl apply --prune`: deletes what was applied once and is in the files no more."""

from __future__ import annotations

from collections.abc import Collection

from k8slab.kube.discovery import Resource

from ..invocation import Failed, Invocation
from ..output.printers import DONE, dry_run
from ..requests import delete, list_all
from ..resources import find_resource, label
from .lastapplied import last_applied

NAMESPACED = (
    *("v1/ConfigMap", "v1/Endpoints", "v1/PersistentVolumeClaim", "v1/Pod", "v1/ReplicationController", "v1/Secret"),
    *("v1/Service", "batch/v1/Job", "batch/v1/CronJob", "networking.k8s.io/v1/Ingress", "apps/v1/DaemonSet"),
    *("apps/v1/Deployment", "apps/v1/ReplicaSet", "apps/v1/StatefulSet"),
)
CLUSTER = ("v1/Namespace", "v1/PersistentVolume")
NO_CHOICE = """error: all resources selected for prune without explicitly passing --all. To prune all resources, pass \
the --all flag. If you did not mean to prune all resources, specify a label selector"""


def check(invocation: Invocation) -> None:
    """Raises Failed where --prune would take everything unasked."""
    flags = invocation.flags
    if flags.on("prune") and not flags.on("all") and not flags.text("selector"):
        raise Failed(NO_CHOICE)


def prune(invocation: Invocation, kept: Collection[str], namespaces: Collection[str]) -> None:
    """Args: uids of what was applied, and the namespaces that it was applied in."""
    for resource in _kinds(invocation):
        for namespace in sorted(namespaces) if resource.namespaced else [None]:
            _prune_kind(invocation, resource, namespace, kept)


def _kinds(invocation: Invocation) -> list[Resource]:
    named = invocation.flags.many("prune-allowlist")
    if named:
        return [find_resource(invocation, _resource_word(word)) for word in named]
    clusterwide = () if invocation.flags.text("namespace") else CLUSTER
    pairs = (kind.rpartition("/")[::2] for kind in (*NAMESPACED, *clusterwide))
    return [invocation.client.resource(version, kind) for version, kind in pairs]


def _resource_word(word: str) -> str:
    """`core/v1/ConfigMap` → `configmap`; `apps/v1/Deployment` → `deployment.apps`."""
    group, version, kind = [*word.split("/"), "", ""][:3]
    if not version or not kind:
        raise Failed(f"error: invalid GroupVersionKind format: {word}, please follow <group/version/kind>")
    return kind if group == "core" else f"{kind}.{group}"


def _prune_kind(invocation: Invocation, resource: Resource, namespace: str | None, kept: Collection[str]) -> None:
    how = dry_run(invocation)
    for obj in list_all(invocation, resource, namespace, labels=invocation.flags.text("selector"))["items"]:
        metadata = obj["metadata"]
        if last_applied(obj) is None or metadata["uid"] in kept or metadata.get("deletionTimestamp"):
            continue
        if how != "client":
            options = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"}
            query = [("dryRun", "All")] if how == "server" else []
            delete(invocation, resource, namespace, metadata["name"], options, query)
        invocation.say(f"{label(resource, metadata['name'])} pruned{DONE[how]}")
