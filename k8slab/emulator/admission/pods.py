"""What admission adds to a new pod: node selector of its namespace, priority, runtime class, tolerations."""

from __future__ import annotations

import orjson

from k8slab.emulator.admission.chain import Attributes, mutating
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Obj
from k8slab.emulator.status import forbidden

NODE_SELECTOR = "scheduler.alpha.kubernetes.io/node-selector"
DEFAULT_TOLERATIONS = "scheduler.alpha.kubernetes.io/defaultTolerations"
UNSETTLED = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
PRIORITY_CLASSES = "priorityclasses.scheduling.k8s.io"


def is_new_pod(attributes: Attributes) -> bool:
    return attributes.kind.key == "pods" and attributes.operation == "CREATE" and not attributes.subresource


@mutating(30)
def add_namespace_defaults(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    """PodNodeSelector and PodTolerationRestriction, by annotations of the namespace."""
    if not is_new_pod(attributes):
        return
    namespace = cluster.store.find("namespaces", "", attributes.namespace) or {}
    annotations = (namespace.get("metadata") or {}).get("annotations") or {}
    selector = annotations.get(NODE_SELECTOR)
    if selector:
        _add_selector(attributes, selector)
    tolerations = annotations.get(DEFAULT_TOLERATIONS)
    if tolerations:
        spec = attributes.obj["spec"]
        known = spec.setdefault("tolerations", [])
        known += [one for one in _parsed(tolerations) if one not in known]


def _add_selector(attributes: Attributes, text: str) -> None:
    spec = attributes.obj["spec"]
    wanted = dict(term.strip().partition("=")[::2] for term in text.split(",") if term.strip())
    chosen = spec.setdefault("nodeSelector", {})
    for key, value in wanted.items():
        if chosen.get(key, value) != value:
            why = "pod node label selector conflicts with its namespace node label selector"
            raise forbidden("pods", "", attributes.name, why)
        chosen[key] = value


def _parsed(text: str) -> list[Obj]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


@mutating(50)
def set_priority(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    if not is_new_pod(attributes):
        return
    spec = attributes.obj["spec"]
    name = spec.get("priorityClassName")
    if name:
        found = cluster.store.find(PRIORITY_CLASSES, "", name)
        if found is None:
            why = f"no PriorityClass with name {name} was found"
            raise forbidden("pods", "", attributes.name, why)
    else:
        found = next((one for one in cluster.store.list(PRIORITY_CLASSES) if one.get("globalDefault")), None)
        if found is not None:
            spec["priorityClassName"] = found["metadata"]["name"]
    spec["priority"] = found["value"] if found else 0
    spec["preemptionPolicy"] = (found or {}).get("preemptionPolicy", "PreemptLowerPriority")


@mutating(60)
def add_tolerations(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    """DefaultTolerationSeconds: so long on a node that is not ready or cannot be reached."""
    if not is_new_pod(attributes):
        return
    tolerations = attributes.obj["spec"].setdefault("tolerations", [])
    for key, seconds in zip(UNSETTLED, (cluster.not_ready_seconds, cluster.unreachable_seconds), strict=True):
        if not any(_covers(one, key) for one in tolerations):
            tolerations.append({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": seconds})


def _covers(toleration: Obj, key: str) -> bool:
    return toleration.get("key") in (key, None, "") and toleration.get("effect") in ("NoExecute", None, "")


@mutating(70)
def check_runtime_class(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    if not is_new_pod(attributes):
        return
    name = attributes.obj["spec"].get("runtimeClassName")
    if name and cluster.store.find("runtimeclasses.node.k8s.io", "", name) is None:
        raise forbidden("pods", "", attributes.name, f'pod rejected: RuntimeClass "{name}" not found')


@mutating(80)
def set_storage_class(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    """DefaultStorageClass: a claim that names none gets the newest default."""
    if attributes.kind.key != "persistentvolumeclaims" or attributes.operation != "CREATE":
        return
    spec = attributes.obj["spec"]
    if "storageClassName" in spec or "volume.beta.kubernetes.io/storage-class" in (
        attributes.obj["metadata"].get("annotations") or {}
    ):
        return
    defaults = [one for one in cluster.store.list("storageclasses.storage.k8s.io") if _is_default(one)]
    if defaults:
        newest = max(defaults, key=lambda one: (one["metadata"]["creationTimestamp"], one["metadata"]["name"]))
        spec["storageClassName"] = newest["metadata"]["name"]


def _is_default(storage_class: Obj) -> bool:
    annotations = storage_class["metadata"].get("annotations") or {}
    return bool(annotations.get("storageclass.kubernetes.io/is-default-class") == "true")
