"""Why a pod may not go to a node: each filter answers with the scheduler's words, or nothing. The first objection
counts. `Objection.helpless` says that evicting others would not help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from k8slab.emulator.controllers.labels import holds_all, labels_of
from k8slab.emulator.controllers.tolerations import tolerated
from k8slab.emulator.ports import Obj
from k8slab.emulator.scheduler.demand import Amounts, Seat, host_ports


class Objection(NamedTuple):
    reasons: tuple[str, ...]
    helpless: bool


def no(*reasons: str, helpless: bool = True) -> Objection:
    return Objection(reasons, helpless)


def unschedulable(pod: Obj, node: Obj) -> Objection | None:
    if not node["spec"].get("unschedulable"):
        return None
    cordon = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}
    return None if tolerates(pod, cordon) else no("node(s) were unschedulable")


def node_name(pod: Obj, node: Obj) -> Objection | None:
    wanted = pod["spec"].get("nodeName")
    if not wanted or wanted == node["metadata"]["name"]:
        return None
    return no("node(s) didn't match the requested node name")


def taints(pod: Obj, node: Obj) -> Objection | None:
    for taint in node["spec"].get("taints") or ():
        if taint["effect"] in ("NoSchedule", "NoExecute") and not tolerates(pod, taint):
            return no("node(s) had untolerated taint(s)")
    return None


def tolerates(pod: Obj, taint: Mapping[str, Any]) -> bool:
    return any(tolerated(toleration, taint) for toleration in pod["spec"].get("tolerations") or ())


def node_affinity(pod: Obj, node: Obj) -> Objection | None:
    spec = pod["spec"]
    labels = labels_of(node)
    selector = spec.get("nodeSelector") or {}
    required = ((spec.get("affinity") or {}).get("nodeAffinity") or {}).get(
        "requiredDuringSchedulingIgnoredDuringExecution"
    )
    fits = all(labels.get(key) == value for key, value in selector.items())
    if fits and (required is None or matches_terms(required.get("nodeSelectorTerms"), node)):
        return None
    return no("node(s) didn't match Pod's node affinity/selector")


def matches_terms(terms: Any, node: Obj) -> bool:
    """Any one term; a term without requirements matches nothing."""
    name = {"metadata.name": node["metadata"]["name"]}
    return any(
        (term.get("matchExpressions") or term.get("matchFields"))
        and holds_all(term.get("matchExpressions"), labels_of(node))
        and holds_all(term.get("matchFields"), name)
        for term in terms or ()
    )


def ports(pod: Obj, seat: Seat) -> Objection | None:
    wanted = host_ports(pod)
    if wanted and any(wanted & host_ports(other) for other in seat.pods.values()):
        return no("node(s) didn't have free ports for the requested pod ports", helpless=False)
    return None


def resources(wanted: Amounts, seat: Seat) -> Objection | None:
    have = seat.allocatable()
    short, never = [], False
    if len(seat.pods) + 1 > have.get("pods", 0):
        short.append("Too many pods")
    for name in sorted(wanted, key=_resource_order):
        amount = wanted[name]
        if amount and amount > have.get(name, 0) - seat.used[name]:
            short.append(f"Insufficient {name}")
            never |= amount > have.get(name, 0)
    return Objection(tuple(short), never) if short else None


def _resource_order(name: str) -> tuple[int, str]:
    known = ("cpu", "memory", "ephemeral-storage")
    return (known.index(name) if name in known else len(known), name)


NodeFilter = Callable[[Obj, Obj], Objection | None]
BY_NODE: tuple[NodeFilter, ...] = (unschedulable, node_name, taints, node_affinity)
