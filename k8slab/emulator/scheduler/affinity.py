"""Affinity and anti-affinity between pods, and topology spread: filters that look at other pods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from k8slab.emulator.controllers.labels import labels_of, matches
from k8slab.emulator.ports import Obj
from k8slab.emulator.scheduler.demand import Seat
from k8slab.emulator.scheduler.filters import Objection, matches_terms, no, node_affinity
from k8slab.emulator.scheduler.seats import Seats

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
NamespaceLabels = Callable[[str], Mapping[str, str]]


def terms(pod: Obj, kind: str) -> list[Mapping[str, Any]]:
    return ((pod["spec"].get("affinity") or {}).get(kind) or {}).get(REQUIRED) or []


def _selects(term: Mapping[str, Any], owner: Obj, other: Obj, labels_in: NamespaceLabels) -> bool:
    namespaces = set(term.get("namespaces") or ())
    by_label = term.get("namespaceSelector")
    if not namespaces and by_label is None:
        namespaces = {owner["metadata"]["namespace"]}
    space = other["metadata"]["namespace"]
    inside = space in namespaces or (by_label is not None and matches(by_label, labels_in(space)))
    return inside and matches(term.get("labelSelector"), labels_of(other))


class PodAffinity:
    """Prepared once for a pod, asked for every node."""

    def __init__(self, pod: Obj, seats: Seats, labels_in: NamespaceLabels) -> None:
        self._pod, self._labels_in = pod, labels_in
        self._near = terms(pod, "podAffinity")
        self._apart = terms(pod, "podAntiAffinity")
        others = seats.pods() if self._near or self._apart else []
        self._near_at = [self._places(term, others) for term in self._near]
        self._apart_at = [self._places(term, others) for term in self._apart]
        self._kept_away = self._reserved(seats)

    def _places(self, term: Mapping[str, Any], others: list[tuple[Obj, Seat]]) -> set[str]:
        key = term["topologyKey"]
        return {
            labels_of(seat.node or {"metadata": {}}).get(key, "")
            for other, seat in others
            if _selects(term, self._pod, other, self._labels_in)
        } - {""}

    def _reserved(self, seats: Seats) -> set[tuple[str, str]]:
        """Topologies in which a placed pod does not want this one."""
        found = set()
        for key, other in seats.with_affinity.items():
            seat = seats.seat_of(key)
            for term in terms(other, "podAntiAffinity"):
                if seat is not None and seat.node and _selects(term, other, self._pod, self._labels_in):
                    found.add((term["topologyKey"], labels_of(seat.node).get(term["topologyKey"], "")))
        return found

    def objection(self, node: Obj) -> Objection | None:
        labels = labels_of(node)
        for term, places in zip(self._near, self._near_at, strict=True):
            here = labels.get(term["topologyKey"])
            first = not any(self._near_at) and _selects(term, self._pod, self._pod, self._labels_in)
            if here is None or (here not in places and not first):
                return no("node(s) didn't match pod affinity rules")
        for term, places in zip(self._apart, self._apart_at, strict=True):
            if labels.get(term["topologyKey"]) in places:
                return no("node(s) didn't match pod anti-affinity rules", helpless=False)
        if any(labels.get(key) == value for key, value in self._kept_away):
            return no("node(s) didn't satisfy existing pods anti-affinity rules", helpless=False)
        return None


class Spread:
    """topologySpreadConstraints with DoNotSchedule."""

    def __init__(self, pod: Obj, seats: Seats) -> None:
        constraints = pod["spec"].get("topologySpreadConstraints") or ()
        self._hard = [c for c in constraints if c["whenUnsatisfiable"] == "DoNotSchedule"]
        self._pod = pod
        self._counts = [self._count(constraint, seats) for constraint in self._hard]

    def _count(self, constraint: Mapping[str, Any], seats: Seats) -> Counter[str]:
        key = constraint["topologyKey"]
        counts: Counter[str] = Counter()
        for seat in seats.nodes():
            node = seat.node or {}
            value = labels_of(node).get(key)
            if value is None or node_affinity(self._pod, node) is not None:
                continue
            counts[value] += sum(
                other["metadata"]["namespace"] == self._pod["metadata"]["namespace"]
                and "deletionTimestamp" not in other["metadata"]
                and matches(constraint.get("labelSelector"), labels_of(other))
                for other in seat.pods.values()
            )
        return counts

    def objection(self, node: Obj) -> Objection | None:
        for constraint, counts in zip(self._hard, self._counts, strict=True):
            value = labels_of(node).get(constraint["topologyKey"])
            if value is None:
                return no("node(s) didn't match pod topology spread constraints (missing required label)")
            mine = int(matches(constraint.get("labelSelector"), labels_of(self._pod)))
            domains = len(counts)
            lowest = min(counts.values(), default=0) if domains >= (constraint.get("minDomains") or 1) else 0
            if counts[value] + mine - lowest > constraint["maxSkew"]:
                return no("node(s) didn't match pod topology spread constraints", helpless=False)
        return None


def preferred_score(pod: Obj, node: Obj) -> int:
    """Weights of the preferred node affinity terms that this node satisfies."""
    preferred = ((pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}).get(
        "preferredDuringSchedulingIgnoredDuringExecution"
    )
    return sum(int(p["weight"]) for p in preferred or () if matches_terms([p["preference"]], node))
