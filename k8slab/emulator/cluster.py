"""One cluster: the store and everything that a verb needs beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson

from k8slab.emulator.auth.rbac import Authorizer
from k8slab.emulator.clock import Clock
from k8slab.emulator.defaulting import Defaults
from k8slab.emulator.journal import Journal
from k8slab.emulator.ports import Api, Obj
from k8slab.emulator.resources import Resource, ResourceTable
from k8slab.emulator.rules.base import PLAIN, Rules
from k8slab.emulator.schema import Schema
from k8slab.emulator.status import not_found
from k8slab.emulator.store import Entry, Store

NOT_SAID_SECONDS = 300  # a pod that says nothing of it tolerates a node that is not ready, or cannot be reached


@dataclass
class Cluster:
    store: Store
    clock: Clock
    resources: ResourceTable
    rules: dict[str, Rules]
    schema: Schema
    defaults: Defaults
    authorizer: Authorizer
    journal: Journal | None = None
    not_ready_seconds: int = NOT_SAID_SECONDS
    unreachable_seconds: int = NOT_SAID_SECONDS
    api: Api = field(init=False)

    def rules_of(self, resource: str) -> Rules:
        return self.rules.get(resource, PLAIN)

    def entry(self, resource: str, namespace: str, name: str) -> Entry:
        found = self.store.entry(resource, namespace, name)
        if found is None:
            kind = self.resources[resource]
            raise not_found(kind.plural, kind.group, name)
        return found

    def copy_of(self, resource: str, namespace: str, name: str) -> Obj:
        """The stored state, free to be changed."""
        copy: Obj = orjson.loads(self.entry(resource, namespace, name).raw)
        return copy

    def fill_defaults(self, kind: Resource, obj: Obj) -> None:
        """Plain defaults, then those that depend on other fields (in place)."""
        self.defaults.fill(kind.group, kind.version, kind.kind, obj)
        self.rules_of(kind.key).default(obj)

    def close(self) -> None:
        if self.journal is not None:
            self.journal.close()
