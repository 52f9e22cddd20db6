"""Deletion: at once, after a grace period, or when the last finalizer is gone."""

from __future__ import annotations

from typing import NamedTuple

from k8slab.emulator.admission.chain import Attributes, review
from k8slab.emulator.calls import Call
from k8slab.emulator.clock import timestamp
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Obj
from k8slab.emulator.status import conflict

ORPHAN, FOREGROUND = "orphan", "foregroundDeletion"
ORPHANED = (
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set "
    "propagationPolicy=Orphan to suppress this warning"
)
FINALIZER_OF = {"Orphan": ORPHAN, "Foreground": FOREGROUND}


class DeleteOptions(NamedTuple):
    grace_seconds: int | None = None
    propagation: str | None = None
    uid: str | None = None
    resource_version: str | None = None


def delete(
    cluster: Cluster, call: Call, resource: str, namespace: str, name: str, options: DeleteOptions
) -> tuple[Obj, bool]:
    """The object's last state, and whether it is gone (rather than waiting)."""
    kind, rules = cluster.resources[resource], cluster.rules_of(resource)
    old = cluster.entry(resource, namespace, name).obj
    _check_preconditions(cluster, resource, old, options)
    review(cluster, call, Attributes("DELETE", kind, namespace, name, old, old))
    new = cluster.copy_of(resource, namespace, name)
    metadata = new["metadata"]
    if rules.orphans_by_default and options.propagation is None:
        call.warn(ORPHANED)
    _set_finalizers(metadata, options.propagation or ("Orphan" if rules.orphans_by_default else None))
    grace = rules.graceful(new, options.grace_seconds)
    _mark(metadata, grace, cluster.clock.now())
    rules.marked_for_deletion(new)
    waits = bool(grace or metadata.get("finalizers") or new.get("spec", {}).get("finalizers"))
    if call.dry_run:
        return new, not waits
    if not waits:
        if metadata.get("finalizers") != old["metadata"].get("finalizers"):
            cluster.store.put(resource, new)
        return vanish(cluster, resource, old), True
    return (old if new == old else cluster.store.put(resource, new)), False


def vanish(cluster: Cluster, resource: str, obj: Obj) -> Obj:
    """Takes the object out of the store."""
    metadata = obj["metadata"]
    last = cluster.store.remove(resource, metadata.get("namespace", ""), metadata["name"])
    cluster.rules_of(resource).deleted(cluster, last)
    return last


def _check_preconditions(cluster: Cluster, resource: str, old: Obj, options: DeleteOptions) -> None:
    kind, metadata = cluster.resources[resource], old["metadata"]
    if options.uid and options.uid != metadata["uid"]:
        why = (
            f"the UID in the precondition ({options.uid}) does not match the UID in record ({metadata['uid']}). "
            "The object might have been deleted and then recreated"
        )
        raise conflict(kind.kind, kind.group, metadata["name"], why)
    version = options.resource_version
    if version and version != metadata["resourceVersion"]:
        why = (
            f"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record "
            f"({metadata['resourceVersion']}). The object might have been modified"
        )
        raise conflict(kind.kind, kind.group, metadata["name"], why)


def _set_finalizers(metadata: Obj, propagation: str | None) -> None:
    if propagation is None:
        return
    kept = [one for one in metadata.get("finalizers", []) if one not in (ORPHAN, FOREGROUND)]
    if propagation in FINALIZER_OF:
        kept.append(FINALIZER_OF[propagation])
    if kept:
        metadata["finalizers"] = kept
    else:
        metadata.pop("finalizers", None)


def _mark(metadata: Obj, grace: int, now: float) -> None:
    if "deletionTimestamp" in metadata:
        if grace < metadata.get("deletionGracePeriodSeconds", 0):
            metadata["deletionTimestamp"] = timestamp(now + grace)
            metadata["deletionGracePeriodSeconds"] = grace
        return
    metadata["deletionTimestamp"] = timestamp(now + grace)
    metadata["deletionGracePeriodSeconds"] = grace
    if metadata.get("generation"):
        metadata["generation"] += 1
