"""Namespaces: one that is deleted is emptied kind by kind, then freed; its conditions tell what it waits for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.pods import is_terminating
from k8slab.emulator.controllers.resources import namespaced_resources
from k8slab.emulator.ports import Obj
from k8slab.emulator.status import ApiError

RETRY_SECONDS = 5.0
FIRST = ("deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps", "cronjobs.batch", "jobs.batch")
LAST = ("events", "events.events.k8s.io")


@controller("namespace")
class Namespaces:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._namespaces = desk.cache.of("namespaces")
        self._queue = desk.queue("namespace", self.reconcile)
        self._namespaces.on_change(lambda change: self._queue.add(key_of(change.new)))
        desk.cache.of("pods").on_change(self._something_went)
        desk.cache.of("persistentvolumeclaims").on_change(self._something_went)

    def _something_went(self, change: Any) -> None:
        """The last pod to finish need not wait for the next try."""
        if change.type == "DELETED":
            key = change.new["metadata"]["namespace"]
            found = self._namespaces.get(key)
            if found is not None and is_terminating(found):
                self._queue.add(key)

    def reconcile(self, key: str) -> None:
        namespace = self._namespaces.get(key)
        if namespace is None or not is_terminating(namespace):
            return
        left = self._empty(key)
        self._tell(namespace, left)
        if left:
            self._queue.add_after(key, RETRY_SECONDS)
        else:
            self._finish(key)

    def _empty(self, name: str) -> Mapping[str, Sequence[Obj]]:
        """Deletes what is there; what is still there then, by resource."""
        left: dict[str, Sequence[Obj]] = {}
        for resource in _in_order(namespaced_resources(self._api)):
            for obj in list(self._api.list(resource, name)):
                if not is_terminating(obj):
                    self._delete(resource, obj)
            rest = self._api.list(resource, name)
            if rest:
                left[resource] = list(rest)
        return left

    def _delete(self, resource: str, obj: Obj) -> None:
        meta = obj["metadata"]
        try:
            self._api.delete(resource, meta["name"], meta["namespace"], propagation="Background", uid=meta["uid"])
        except ApiError as error:
            if error.code != 404:
                raise

    def _tell(self, namespace: Obj, left: Mapping[str, Sequence[Obj]]) -> None:
        status = namespace.get("status") or {}
        old = {c["type"]: c for c in status.get("conditions") or ()}
        conditions = []
        for kind, (value, reason, message) in _conditions(left).items():
            since = old[kind]["lastTransitionTime"] if old.get(kind, {}).get("status") == value else self._desk.now()
            conditions.append(
                {"type": kind, "status": value, "lastTransitionTime": since, "reason": reason, "message": message}
            )
        changed = {**status, "conditions": conditions}
        if changed != status:
            self._api.update("namespaces", {**namespace, "status": changed}, "status")

    def _finish(self, name: str) -> None:
        namespace = self._namespaces.get(name)
        if namespace is None:
            return
        others = [f for f in namespace["spec"].get("finalizers") or () if f != "kubernetes"]
        changed = {**namespace, "spec": {**namespace["spec"], "finalizers": others}}
        self._api.update("namespaces", changed, "finalize")


def _in_order(resources: Sequence[str]) -> list[str]:
    """Owners before what they own, so that nothing is made again; events last."""
    rest = [r for r in resources if r not in FIRST and r not in LAST]
    return [*(r for r in FIRST if r in resources), *rest, *(r for r in LAST[:1] if r in resources)]


def _conditions(left: Mapping[str, Sequence[Obj]]) -> dict[str, tuple[str, str, str]]:
    made = {
        "NamespaceDeletionDiscoveryFailure": ("False", "ResourcesDiscovered", "All resources successfully discovered"),
        "NamespaceDeletionGroupVersionParsingFailure": (
            "False",
            "ParsedGroupVersions",
            "All legacy kube types successfully parsed",
        ),
        "NamespaceDeletionContentFailure": (
            "False",
            "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization",
        ),
        "NamespaceContentRemaining": ("False", "ContentRemoved", "All content successfully removed"),
        "NamespaceFinalizersRemaining": (
            "False",
            "ContentHasNoFinalizers",
            "All content-preserving finalizers finished",
        ),
    }
    if left:
        parts = [f"{_named(resource)} has {len(objs)} resource instances" for resource, objs in sorted(left.items())]
        text = f"Some resources are remaining: {', '.join(parts)}"
        made["NamespaceContentRemaining"] = ("True", "SomeResourcesRemain", text)
    finalizers = Counter(f for objs in left.values() for o in objs for f in o["metadata"].get("finalizers") or ())
    if finalizers:
        parts = [f"{name} in {count} resource instances" for name, count in sorted(finalizers.items())]
        text = f"Some content in the namespace has finalizers remaining: {', '.join(parts)}"
        made["NamespaceFinalizersRemaining"] = ("True", "SomeFinalizersRemain", text)
    return made


def _named(resource: str) -> str:
    return resource if "." in resource else f"{resource}."
