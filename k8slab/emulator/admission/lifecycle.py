"""NamespaceLifecycle: nothing new in a namespace that is missing or going; the first namespaces stay."""

from __future__ import annotations

from k8slab.emulator.admission.chain import Attributes, mutating, validating
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.status import ApiError, Cause, forbidden, not_found

FOREVER = ("default", "kube-system", "kube-public")


@mutating(10)
def check_namespace(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    kind = attributes.kind
    if not kind.namespaced or attributes.operation != "CREATE":
        return
    namespace = cluster.store.find("namespaces", "", attributes.namespace)
    if namespace is None:
        raise not_found("namespaces", "", attributes.namespace)
    if "deletionTimestamp" in namespace["metadata"] and kind.key != "events":
        raise _terminating(attributes)


def _terminating(attributes: Attributes) -> ApiError:
    space, kind = attributes.namespace, attributes.kind
    why = f"unable to create new content in namespace {space} because it is being terminated"
    error = forbidden(kind.plural, kind.group, attributes.name, why)
    cause = Cause("NamespaceTerminating", f"namespace {space} is being terminated", "metadata.namespace")
    return ApiError(error.code, error.reason, error.message, error.details, (cause,))


@validating(5)
def keep_first_namespaces(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    if attributes.operation == "DELETE" and attributes.kind.key == "namespaces" and attributes.name in FOREVER:
        raise forbidden("namespaces", "", attributes.name, "this namespace may not be deleted")
