"""The API for the inside: controllers, scheduler and nodes. What they write is stored when the call returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import orjson

from k8slab.emulator.admission.chain import load_plugins
from k8slab.emulator.auth.rbac import Authorizer
from k8slab.emulator.calls import inside_call
from k8slab.emulator.clock import Clock
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.custom.definitions import Definitions
from k8slab.emulator.defaulting import Defaults
from k8slab.emulator.journal import Journal, JournalError
from k8slab.emulator.patches import json_patch, merge_patch
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.resources import load_resources
from k8slab.emulator.rules.base import load_rules
from k8slab.emulator.schema import load_schema
from k8slab.emulator.store import Store
from k8slab.emulator.writes.create import create
from k8slab.emulator.writes.delete import DeleteOptions, delete
from k8slab.emulator.writes.update import replace, update

Propagation = Literal["Background", "Foreground", "Orphan"]


class InsideApi:
    """`ports.Api` on a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def get(self, resource: str, name: str, namespace: str | None = None) -> Obj:
        return self._cluster.entry(resource, namespace or "", name).obj

    def find(self, resource: str, name: str, namespace: str | None = None) -> Obj | None:
        return self._cluster.store.find(resource, namespace or "", name)

    def list(self, resource: str, namespace: str | None = None) -> Sequence[Obj]:
        return self._cluster.store.list(resource, namespace)

    def create(self, resource: str, obj: Obj, namespace: str | None = None) -> Obj:
        copy: Obj = orjson.loads(orjson.dumps(obj))
        space = namespace or copy.get("metadata", {}).get("namespace", "")
        return create(self._cluster, inside_call(), resource, space, copy)

    def update(self, resource: str, obj: Obj, subresource: str | None = None) -> Obj:
        metadata = obj["metadata"]
        sent = {"metadata": metadata, "status": obj["status"]} if subresource == "status" and "status" in obj else obj
        copy: Obj = orjson.loads(orjson.dumps(sent))
        space, part = metadata.get("namespace") or "", subresource or ""
        return replace(self._cluster, inside_call(), resource, space, metadata["name"], copy, part)

    def patch(
        self,
        resource: str,
        name: str,
        namespace: str | None,
        patch: Any,
        *,
        kind: Literal["merge", "strategic", "json"] = "merge",
        subresource: str | None = None,
    ) -> Obj:
        def changed(old: Obj) -> Obj:
            new: Obj = json_patch(old, patch) if kind == "json" else merge_patch(old, patch)
            return new

        return update(self._cluster, inside_call(), resource, namespace or "", name, changed, subresource or "")

    def delete(
        self,
        resource: str,
        name: str,
        namespace: str | None = None,
        *,
        grace_seconds: int | None = None,
        propagation: Propagation | None = None,
        uid: str | None = None,
    ) -> None:
        options = DeleteOptions(grace_seconds, propagation, uid)
        delete(self._cluster, inside_call(), resource, namespace or "", name, options)

    def subscribe(self, resource: str, listener: Callable[[Change], None]) -> Callable[[], None]:
        store = self._cluster.store
        for obj in store.list(resource):
            listener(Change("ADDED", resource, None, obj))
        return store.listen(resource, lambda logged: listener(logged.change))


def open_cluster(directory: Path | None, clock: Clock) -> Cluster:
    """A cluster kept in `directory`, or in memory only; its `api` is ready."""
    resources = load_resources()
    load_plugins()
    journal = Journal(directory) if directory is not None else None
    schema = load_schema()
    try:
        store = Store(resources, journal)
    except JournalError:
        if journal is not None:
            journal.close()
        raise
    cluster = Cluster(store, clock, resources, dict(load_rules()), schema, Defaults(schema), Authorizer(store), journal)
    cluster.api = InsideApi(cluster)
    Definitions(cluster)
    return cluster
