"""What the pods of a node ask of it, one by one and together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from k8slab.grading.quantity import quantity
from k8slab.kube.client import Obj

from ..output.ages import age
from ..output.amounts import amount_text, is_binary
from .text import Text

Map = Mapping[str, Any]
STANDARD = ("cpu", "memory", "ephemeral-storage")


class Amounts:
    """Sums by a resource's name; the first amount that was added says in which form a sum is written."""

    def __init__(self, start: Mapping[str, Any] | None = None) -> None:
        self._sums: dict[str, tuple[Fraction, bool]] = {}
        if start:
            self.add(Amounts.of(start))

    @classmethod
    def of(cls, texts: Mapping[str, Any]) -> Amounts:
        amounts = cls()
        amounts._sums = {name: (quantity(text) or Fraction(0), is_binary(str(text))) for name, text in texts.items()}
        return amounts

    def value(self, name: str) -> Fraction:
        return self._sums.get(name, (Fraction(0), False))[0]

    def text(self, name: str) -> str:
        amount, binary = self._sums.get(name, (Fraction(0), False))
        return amount_text(amount, binary=binary)

    def add(self, other: Amounts, *, known: bool = False) -> None:
        """Args: `known` adds only to what is there and not 0."""
        for name, (amount, binary) in other._sums.items():
            mine = self._sums.get(name)
            if not known or (mine and mine[0]):
                total = (mine[0] if mine else Fraction(0)) + amount
                self._sums[name] = total, mine[1] if mine and mine[0] else binary

    def raise_to(self, other: Amounts) -> None:
        for name, (amount, binary) in other._sums.items():
            if name not in self._sums or amount > self._sums[name][0]:
                self._sums[name] = amount, binary

    def plus(self, other: Amounts) -> Amounts:
        total = Amounts()
        total.add(other)
        total.add(self)
        return total


def demands(pod: Obj) -> tuple[Amounts, Amounts]:
    """Requests and limits of a whole pod."""
    spec = pod.get("spec") or {}
    statuses = {each.get("name"): each for each in (pod.get("status") or {}).get("containerStatuses") or ()}

    def request(container: Map) -> Amounts:
        amounts = Amounts.of((container.get("resources") or {}).get("requests") or {})
        given = (statuses.get(container.get("name")) or {}).get("resources")
        if given is not None:
            amounts.raise_to(Amounts.of(given.get("requests") or {}))
        return amounts

    def limit(container: Map) -> Amounts:
        return Amounts.of((container.get("resources") or {}).get("limits") or {})

    overhead = Amounts.of(spec.get("overhead") or {})
    requests, limits = _together(spec, request), _together(spec, limit)
    requests.add(overhead)
    limits.add(overhead, known=True)
    return requests, limits


def _together(spec: Map, amounts_of: Callable[[Map], Amounts]) -> Amounts:
    """Containers and sidecars at once, or what the largest of the init containers needs beside the sidecars."""
    total, sidecars, first = Amounts(), Amounts(), Amounts()
    for container in spec.get("containers") or ():
        total.add(amounts_of(container))
    for container in spec.get("initContainers") or ():
        own = amounts_of(container)
        if container.get("restartPolicy") == "Always":
            total.add(own)
            sidecars.add(own)
            first.raise_to(sidecars)
        else:
            first.raise_to(sidecars.plus(own))
    total.raise_to(first)
    return total


def write_demands(to: Text, status: Map, pods: Sequence[Obj]) -> None:
    there = Amounts.of(status.get("allocatable") or status.get("capacity") or {})
    to.field("Non-terminated Pods", f"({len(pods)} in total)")
    titles = ("CPU Requests", "CPU Limits", "Memory Requests", "Memory Limits", "Age")
    to.line(1, "Namespace", "Name", "", *titles)
    to.line(1, "---------", "----", "", *("-" * len(title) for title in titles))
    requests, limits = Amounts(), Amounts()
    for pod in pods:
        asked, capped = demands(pod)
        cells = [_share(amounts, there, name) for name in ("cpu", "memory") for amounts in (asked, capped)]
        to.line(1, pod["metadata"].get("namespace", ""), pod["metadata"]["name"], "", *cells, age(pod))
        requests.add(asked)
        limits.add(capped)
    to.write(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n")
    to.line(1, "Resource", "Requests", "Limits")
    to.line(1, "--------", "--------", "------")
    names = (status.get("allocatable") or status.get("capacity") or {}).keys()
    for name in (*STANDARD, *sorted(name for name in names if name.startswith("hugepages-"))):
        to.line(1, name, _share(requests, there, name), _share(limits, there, name))
    for name in _extended(names):
        to.line(1, name, requests.text(name), limits.text(name))


def _extended(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name not in (*STANDARD, "pods") and not name.startswith("hugepages-"))


def _share(amounts: Amounts, there: Amounts, name: str) -> str:
    whole = there.value(name)
    percent = int(amounts.value(name) / whole * 100) if whole else 0
    return f"{amounts.text(name)} ({percent}%)"
