"""A changed object: one path for PUT, every kind of PATCH and the status subresource."""

from __future__ import annotations

from collections.abc import Callable

import orjson

from k8slab.emulator import identity
from k8slab.emulator.admission.chain import Attributes, admit, review
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource
from k8slab.emulator.rules.base import Rules
from k8slab.emulator.status import conflict, invalid
from k8slab.emulator.validation.metadata import validate_metadata_update
from k8slab.emulator.writes.delete import vanish

MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"
NOT_SPEC = {"metadata", "status", "kind", "apiVersion"}
Changed = Callable[[Obj], Obj]


def update(
    cluster: Cluster, call: Call, resource: str, namespace: str, name: str, change: Changed, subresource: str = ""
) -> Obj:
    """Applies `change` to a copy of the stored state and stores the outcome."""
    new = change(cluster.copy_of(resource, namespace, name))
    return replace(cluster, call, resource, namespace, name, new, subresource)


def replace(
    cluster: Cluster, call: Call, resource: str, namespace: str, name: str, new: Obj, subresource: str = ""
) -> Obj:
    """Stores a new state (which belongs to the cluster from here on) in place of the old one."""
    kind, rules = cluster.resources[resource], cluster.rules_of(resource)
    old = cluster.entry(resource, namespace, name).obj
    check_identity(kind, name, new, old)
    if kind.namespaced:
        new["metadata"]["namespace"] = namespace
    new = _merge_subresource(new, old, subresource, rules.status_is_apart, share=call.inside)
    metadata = new["metadata"]
    identity.keep_identity(metadata, old["metadata"])
    if not (call.inside and subresource):
        cluster.fill_defaults(kind, new)
    attributes = Attributes("UPDATE", kind, namespace, name, new, old, subresource)
    admit(cluster, call, attributes)
    rules.prepare_update(cluster, call, new, old)
    if subresource != "binding":  # where a pod runs is found, not wished
        _count_generation(new, old, rules, subresource == "status")
    if not call.inside or not subresource:
        _validate(cluster, call, attributes)
    metadata["resourceVersion"] = old["metadata"]["resourceVersion"]
    if _same(new, old):
        return old
    review(cluster, call, attributes)
    if call.dry_run:
        return new
    if _is_done(new):
        vanish(cluster, resource, old)  # watchers see it go as it was, not first without its last finalizer
        return new
    return cluster.store.put(resource, new)


def check_identity(kind: Resource, name: str, new: Obj, old: Obj) -> None:
    metadata, known = new.setdefault("metadata", {}), old["metadata"]
    uid, version = metadata.get("uid"), metadata.get("resourceVersion")
    if uid and uid != known["uid"]:
        why = (
            f"StorageError: invalid object, Code: 4, Key: {_storage_key(kind, known)}, ResourceVersion: 0, "
            f"AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {known['uid']}"
        )
        raise conflict(kind.plural, kind.group, name, why)
    if version and version != known["resourceVersion"]:
        raise conflict(kind.plural, kind.group, name, MODIFIED)


def _storage_key(kind: Resource, metadata: Obj) -> str:
    place = [kind.plural, metadata.get("namespace", ""), metadata["name"]]
    return "/kubernetes.io/" + "/".join(part for part in place if part)


def _merge_subresource(new: Obj, old: Obj, subresource: str, status_is_apart: bool, *, share: bool) -> Obj:
    """`share`: what a status does not change may be the old object's own, since no default is filled in later."""
    if subresource == "status":
        kept = {k: v for k, v in old.items() if k not in ("status", "metadata")}
        merged: Obj = kept if share else orjson.loads(orjson.dumps(kept))
        merged["metadata"] = new["metadata"]
        merged["metadata"]["ownerReferences"] = old["metadata"].get("ownerReferences")
        if merged["metadata"]["ownerReferences"] is None:
            del merged["metadata"]["ownerReferences"]
        if "status" in new:
            merged["status"] = new["status"]
        return merged
    if subresource == "binding":
        return new  # the node and the condition that tells of it come together
    if status_is_apart and "status" in old:
        new["status"] = old["status"]
    elif status_is_apart:
        new.pop("status", None)
    return new


def _count_generation(new: Obj, old: Obj, rules: Rules, status_only: bool) -> None:
    """A new generation for every change of what is wished, and none for a change of what is."""
    metadata, known = new["metadata"], old["metadata"].get("generation")
    if not rules.has_generation:
        return
    metadata["generation"] = known or 1
    apart = NOT_SPEC if rules.status_is_apart else NOT_SPEC - {"status"}
    changed = any(new.get(key) != old.get(key) for key in {*new, *old} - apart)
    if (
        rules.annotations_count
        and not status_only
        and metadata.get("annotations") != old["metadata"].get("annotations")
    ):
        changed = True
    if changed:
        metadata["generation"] += 1


def _validate(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    kind, rules = attributes.kind, cluster.rules_of(attributes.kind.key).of_version(call.version)
    new, old = attributes.obj, attributes.old
    if old is None:
        return
    errors = FieldErrors()
    validate_metadata_update(kind, new, old, errors)
    if not attributes.subresource:
        rules.validate(new, errors)
    if not attributes.subresource or kind.custom:  # a custom object's status has a schema, too
        rules.validate_update(new, old, errors)
    if errors:
        raise invalid(kind.kind, kind.group, attributes.name, errors)
    for text in rules.warnings(new, old):
        call.warn(text)


def _same(new: Obj, old: Obj) -> bool:
    return new == old


def _is_done(obj: Obj) -> bool:
    """Marked for deletion, with nobody left to wait for."""
    metadata = obj["metadata"]
    return (
        "deletionTimestamp" in metadata
        and not metadata.get("finalizers")
        and not metadata.get("deletionGracePeriodSeconds")
        and not obj.get("spec", {}).get("finalizers")
    )
