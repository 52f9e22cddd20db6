"""Which nodes a DaemonSet wants a pod on, and the pod for one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.labels import holds_all, labels_of
from k8slab.emulator.controllers.revisions.history import POD_LABEL
from k8slab.emulator.controllers.tolerations import tolerated
from k8slab.emulator.ports import Obj

PREFIX = "node.kubernetes.io/"
GENERATION = "pod-template-generation"
TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
ALWAYS = (
    ("not-ready", "NoExecute"),
    ("unreachable", "NoExecute"),
    ("disk-pressure", "NoSchedule"),
    ("memory-pressure", "NoSchedule"),
    ("pid-pressure", "NoSchedule"),
    ("unschedulable", "NoSchedule"),
)


def tolerations(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The template's, and those that each daemon has: it runs where others may not."""
    wanted = [*ALWAYS, *([("network-unavailable", "NoSchedule")] if spec.get("hostNetwork") else [])]
    added = [{"key": PREFIX + key, "operator": "Exists", "effect": effect} for key, effect in wanted]
    given = [t for t in spec.get("tolerations") or () if t not in added]
    return [*given, *added]


def verdict(owner: Obj, node: Obj) -> tuple[bool, bool]:
    """Whether a pod should run on the node, and whether one that is there may stay."""
    spec = owner["spec"]["template"]["spec"]
    if spec.get("nodeName") not in (None, "", node["metadata"]["name"]) or not _is_chosen(spec, node):
        return False, False
    held = tolerations(spec)
    taints = [t for t in node["spec"].get("taints") or () if t["effect"] in ("NoSchedule", "NoExecute")]
    unbearable = [t for t in taints if not any(tolerated(toleration, t) for toleration in held)]
    return not unbearable, not any(t["effect"] == "NoExecute" for t in unbearable)


def _is_chosen(spec: Mapping[str, Any], node: Obj) -> bool:
    labels = labels_of(node)
    if any(labels.get(key) != value for key, value in (spec.get("nodeSelector") or {}).items()):
        return False
    required = ((spec.get("affinity") or {}).get("nodeAffinity") or {}).get(REQUIRED)
    if required is None:
        return True
    name = {"metadata.name": node["metadata"]["name"]}
    return any(
        (term.get("matchExpressions") or term.get("matchFields"))
        and holds_all(term.get("matchExpressions"), labels)
        and holds_all(term.get("matchFields"), name)
        for term in required.get("nodeSelectorTerms") or ()
    )


def pod_for(owner: Obj, node: str, revision: str) -> Obj:
    """The scheduler binds it as any other pod, but finds only this node fit."""
    template = owner["spec"]["template"]
    labels = {**((template.get("metadata") or {}).get("labels") or {}), POD_LABEL: revision}
    generation = (owner["metadata"].get("annotations") or {}).get(TEMPLATE_GENERATION)
    if generation:
        labels[GENERATION] = generation
    body = podlib.from_template(template, owner, generateName=f"{owner['metadata']['name']}-", labels=labels)
    spec = template["spec"]
    affinity = spec.get("affinity") or {}
    term = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}
    pinned = {**(affinity.get("nodeAffinity") or {}), REQUIRED: {"nodeSelectorTerms": [term]}}
    body["spec"] = {**spec, "affinity": {**affinity, "nodeAffinity": pinned}, "tolerations": tolerations(spec)}
    return body


def node_of(pod: Obj) -> str | None:
    """The node it is on, or the one that it was made for."""
    if pod["spec"].get("nodeName"):
        return str(pod["spec"]["nodeName"])
    affinity = (pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}
    for term in (affinity.get(REQUIRED) or {}).get("nodeSelectorTerms") or ():
        for field in term.get("matchFields") or ():
            if field["key"] == "metadata.name" and field["operator"] == "In" and len(field["values"]) == 1:
                return str(field["values"][0])
    return None
