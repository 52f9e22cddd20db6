"""A new object: from what was sent to what is stored."""

from __future__ import annotations

from k8slab.emulator import identity
from k8slab.emulator.admission.chain import Attributes, admit, review
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.status import already_exists, invalid
from k8slab.emulator.validation.metadata import validate_metadata


def create(cluster: Cluster, call: Call, resource: str, namespace: str, obj: Obj) -> Obj:
    """Stores `obj` (which belongs to the cluster from here on); its final state."""
    kind, rules = cluster.resources[resource], cluster.rules_of(resource).of_version(call.version)
    metadata = obj.setdefault("metadata", {})
    if kind.namespaced:
        metadata["namespace"] = namespace
    else:
        metadata.pop("namespace", None)
    cluster.fill_defaults(kind, obj)
    attributes = Attributes("CREATE", kind, namespace, metadata.get("name", ""), obj, None)
    admit(cluster, call, attributes)
    identity.stamp_new(metadata, cluster.clock.now())
    rules.prepare_create(cluster, call, obj)
    if rules.has_generation:
        metadata["generation"] = 1
    for text in rules.warnings(obj, None):
        call.warn(text)
    errors = FieldErrors()
    validate_metadata(kind, obj, errors)
    rules.validate(obj, errors)
    rules.validate_create(obj, errors)
    if errors:
        raise invalid(kind.kind, kind.group, metadata.get("name", ""), errors)
    _refuse_existing(cluster, resource, namespace, metadata["name"])
    attributes.name = metadata["name"]
    review(cluster, call, attributes)
    if call.dry_run:
        return obj
    stored = cluster.store.put(resource, obj)
    rules.created(cluster, stored)
    return stored


def _refuse_existing(cluster: Cluster, resource: str, namespace: str, name: str) -> None:
    if cluster.store.entry(resource, namespace, name) is not None:
        kind = cluster.resources[resource]
        raise already_exists(kind.plural, kind.group, name)
