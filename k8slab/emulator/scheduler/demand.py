"""What a pod asks of a node, and what a node has left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from k8slab.emulator.controllers.cache import controller_of
from k8slab.emulator.controllers.quantity import parse
from k8slab.emulator.ports import Obj

Amounts = dict[str, Fraction]
# What a pod without requests counts as when nodes are compared, so that such pods spread too.
ASSUMED = {"cpu": parse("100m"), "memory": parse("200Mi")}


def requests_of(pod: Obj) -> Amounts:
    """Sum of the containers, or the largest init container where that is more; sidecars count with both."""
    spec = pod["spec"]
    running = _sum(_requests(c) for c in spec.get("containers") or ())
    sidecars: Amounts = {}
    highest: Amounts = {}
    for container in spec.get("initContainers") or ():
        mine = _requests(container)
        if container.get("restartPolicy") == "Always":
            sidecars = _sum((sidecars, mine))
            mine = sidecars
        else:
            mine = _sum((sidecars, mine))
        highest = {name: max(highest.get(name, Fraction(0)), mine.get(name, Fraction(0))) for name in {*highest, *mine}}
    total = _sum((running, sidecars))
    total = {name: max(total.get(name, Fraction(0)), highest.get(name, Fraction(0))) for name in {*total, *highest}}
    return _sum((total, {name: parse(value) for name, value in (spec.get("overhead") or {}).items()}))


def host_ports(pod: Obj) -> set[tuple[str, int]]:
    return {
        (port.get("protocol", "TCP"), int(port["hostPort"]))
        for container in pod["spec"].get("containers") or ()
        for port in container.get("ports") or ()
        if port.get("hostPort")
    }


def _requests(container: Mapping[str, Any]) -> Amounts:
    return {name: parse(value) for name, value in ((container.get("resources") or {}).get("requests") or {}).items()}


def _sum(parts: Iterable[Amounts]) -> Amounts:
    total: Amounts = {}
    for part in parts:
        for name, amount in part.items():
            total[name] = total.get(name, Fraction(0)) + amount
    return total


def _controller(pod: Obj) -> str:
    return str((controller_of(pod) or {}).get("uid", ""))


@dataclass
class Seat:
    """A node with the pods that are on it."""

    node: Obj | None = None
    pods: dict[str, Obj] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    assumed: Counter[str] = field(default_factory=Counter)
    controllers: Counter[str] = field(default_factory=Counter)  # how many of the pods each has, by its uid

    def add(self, key: str, pod: Obj) -> None:
        known = self.pods.get(key)
        if known is None:
            self._count(pod, 1)
        else:
            self._forget_controller(_controller(known))
        self.controllers[_controller(pod)] += 1
        self.pods[key] = pod

    def remove(self, key: str) -> None:
        pod = self.pods.pop(key, None)
        if pod is not None:
            self._count(pod, -1)
            self._forget_controller(_controller(pod))

    def siblings(self, pod: Obj) -> int:
        """Pods here of the same controller."""
        mine = _controller(pod)
        return self.controllers[mine] if mine else 0

    def _forget_controller(self, uid: str) -> None:
        self.controllers[uid] -= 1
        if not self.controllers[uid]:
            del self.controllers[uid]

    def allocatable(self) -> Amounts:
        given = ((self.node or {}).get("status") or {}).get("allocatable") or {}
        return {name: parse(value) for name, value in given.items()}

    def _count(self, pod: Obj, sign: int) -> None:
        wanted = requests_of(pod)
        for name, amount in wanted.items():
            self.used[name] += sign * amount  # type: ignore[assignment]  # a Counter adds Fractions as well
        for name, least in ASSUMED.items():
            self.assumed[name] += sign * (wanted.get(name) or least)  # type: ignore[assignment]  # as above
