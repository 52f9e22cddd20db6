"""The garbage collector: an object goes when the last of its owners has gone. Foreground deletion waits for the
dependents that block, orphaning takes the references off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from k8slab.emulator.controllers.cache import key_of, split_key
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.pods import is_terminating
from k8slab.emulator.controllers.resources import DEFINITIONS, Known, known_resources, of_kind
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.status import ApiError

ORPHAN, FOREGROUND = "orphan", "foregroundDeletion"
NEVER_OWNED = {"events", "leases.coordination.k8s.io", "namespaces", "nodes"}
Owners = Sequence[dict[str, Any]]


@controller("garbage-collector")
class GarbageCollector:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._dependents: dict[str, set[str]] = {}  # owner's uid -> "resource namespace/name"
        self._kinds: dict[tuple[str, str], Known | None] = {}
        self._watched: set[str] = set()
        self._queue = desk.queue("garbage-collector", self.reconcile)
        self._watch_all()
        desk.cache.of(DEFINITIONS).on_change(lambda _: self._watch_all())

    def _watch_all(self) -> None:
        self._kinds.clear()
        for known in known_resources(self._api):
            if known.key not in self._watched and known.key not in NEVER_OWNED:
                self._watched.add(known.key)
                self._desk.on_stop(self._api.subscribe(known.key, self._changed))

    def _changed(self, change: Change) -> None:
        item = f"{change.resource} {key_of(change.new)}"
        before = set() if change.old is None else {o["uid"] for o in _owners(change.old)}
        after = set() if change.type == "DELETED" else {o["uid"] for o in _owners(change.new)}
        for uid in before - after:
            self._drop(uid, item)
        for uid in after - before:
            self._dependents.setdefault(uid, set()).add(item)
        uid = change.new["metadata"]["uid"]
        if change.type == "DELETED":
            for dependent in sorted(self._dependents.get(uid, ())):
                self._queue.add(dependent)
            for owner in before:
                self._wake_owner(change, owner)
        elif after - before or is_terminating(change.new):
            self._queue.add(item)

    def _drop(self, uid: str, item: str) -> None:
        held = self._dependents.get(uid)
        if held is not None:
            held.discard(item)
            if not held:
                del self._dependents[uid]

    def _wake_owner(self, change: Change, uid: str) -> None:
        """An owner that is deleted in the foreground may have waited for this one."""
        for owner in _owners(change.old or change.new):
            known = self._known(owner["apiVersion"], owner["kind"]) if owner["uid"] == uid else None
            if known is not None:
                namespace = change.new["metadata"].get("namespace")
                name = f"{namespace}/{owner['name']}" if known.namespaced else owner["name"]
                self._queue.add(f"{known.key} {name}")

    def _known(self, api_version: str, kind: str) -> Known | None:
        pair = (api_version.rpartition("/")[0], kind)
        if pair not in self._kinds:
            self._kinds[pair] = of_kind(self._api, api_version, kind)
        return self._kinds[pair]

    def reconcile(self, item: str) -> None:
        resource, _, key = item.partition(" ")
        namespace, name = split_key(key)
        obj = self._api.find(resource, name, namespace)
        if obj is None:
            return
        finalizers = obj["metadata"].get("finalizers") or []
        if is_terminating(obj) and ORPHAN in finalizers:
            self._orphan(obj)
            self._free(resource, obj, ORPHAN)
        elif is_terminating(obj) and FOREGROUND in finalizers:
            self._foreground(resource, obj)
        elif _owners(obj):
            self._check_owners(resource, obj)

    def _check_owners(self, resource: str, obj: Obj) -> None:
        absent, waiting, solid = [], [], []
        for reference in _owners(obj):
            owner = self._owner(obj, reference)
            if owner is None:
                absent.append(reference)
            elif is_terminating(owner) and FOREGROUND in (owner["metadata"].get("finalizers") or ()):
                waiting.append(reference)
            else:
                solid.append(reference)
        if not absent and not waiting:
            return
        if solid:
            self._keep_owners(resource, obj, solid)
        elif not is_terminating(obj):
            self._delete(resource, obj, "Foreground" if waiting and self._dependents_of(obj) else "Background")

    def _owner(self, obj: Obj, reference: dict[str, Any]) -> Obj | None:
        """The owner that is meant: of this uid, in the same namespace or in none."""
        known = self._known(reference["apiVersion"], reference["kind"])
        if known is None:
            return None
        namespace = obj["metadata"].get("namespace") if known.namespaced else None
        found = self._api.find(known.key, reference["name"], namespace)
        return found if found is not None and found["metadata"]["uid"] == reference["uid"] else None

    def _keep_owners(self, resource: str, obj: Obj, owners: Owners) -> None:
        self._api.update(resource, {**obj, "metadata": {**obj["metadata"], "ownerReferences": list(owners)}})

    def _delete(self, resource: str, obj: Obj, propagation: Any) -> None:
        meta = obj["metadata"]
        try:
            self._api.delete(resource, meta["name"], meta.get("namespace"), propagation=propagation, uid=meta["uid"])
        except ApiError as error:
            if error.code not in (404, 409):
                raise

    def _dependents_of(self, obj: Obj) -> list[tuple[str, Obj]]:
        found = []
        for item in sorted(self._dependents.get(obj["metadata"]["uid"], ())):
            resource, _, key = item.partition(" ")
            namespace, name = split_key(key)
            dependent = self._api.find(resource, name, namespace)
            if dependent is not None:
                found.append((resource, dependent))
        return found

    def _orphan(self, obj: Obj) -> None:
        uid = obj["metadata"]["uid"]
        for resource, dependent in self._dependents_of(obj):
            rest = [o for o in _owners(dependent) if o["uid"] != uid]
            meta = {k: v for k, v in dependent["metadata"].items() if k != "ownerReferences"}
            meta |= {"ownerReferences": rest} if rest else {}
            self._api.update(resource, {**dependent, "metadata": meta})

    def _foreground(self, resource: str, obj: Obj) -> None:
        uid, blocked = obj["metadata"]["uid"], False
        for dependent_resource, dependent in self._dependents_of(obj):
            blocked |= any(o["uid"] == uid and o.get("blockOwnerDeletion") for o in _owners(dependent))
            self._queue.add(f"{dependent_resource} {key_of(dependent)}")
        if not blocked:
            self._free(resource, obj, FOREGROUND)

    def _free(self, resource: str, obj: Obj, finalizer: str) -> None:
        meta = obj["metadata"]
        fresh = self._api.find(resource, meta["name"], meta.get("namespace"))
        if fresh is None:
            return
        rest = [f for f in fresh["metadata"].get("finalizers") or () if f != finalizer]
        kept = {k: v for k, v in fresh["metadata"].items() if k != "finalizers"}
        self._api.update(resource, {**fresh, "metadata": {**kept, **({"finalizers": rest} if rest else {})}})


def _owners(obj: Obj) -> Owners:
    return obj["metadata"].get("ownerReferences") or ()
