"""Preemption: when nothing fits, pods of lower priority make room, as few and as unimportant ones as will do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.labels import labels_of, matches
from k8slab.emulator.controllers.times import parse_timestamp
from k8slab.emulator.ports import Obj
from k8slab.emulator.scheduler.demand import Seat
from k8slab.emulator.scheduler.filters import Objection, no
from k8slab.emulator.scheduler.seats import Seats

BY_SCHEDULER = "PreemptionByScheduler"
NEVER = "not eligible due to preemptionPolicy=Never."
WAITING = "not eligible due to a terminating pod on the nominated node."
NOT_HELPFUL = no("Preemption is not helpful for scheduling")
NO_VICTIMS = no("No preemption victims found for incoming pod")
LATEST = float("inf")
Fits = Callable[[Seat], Objection | None]


class Candidate(NamedTuple):
    """A node, and who has to leave it; the most important one first."""

    node: str
    victims: tuple[Obj, ...]
    violations: int  # of disruption budgets

    @property
    def cost(self) -> tuple[float, ...]:
        priorities = [priority_of(pod) for pod in self.victims]
        highest = [pod for pod in self.victims if priority_of(pod) == priorities[0]]
        lifted = sum(one + 2**31 for one in priorities)  # so that fewer are cheaper, also with negative priorities
        return self.violations, priorities[0], lifted, len(priorities), -min(map(_started, highest))


def priority_of(pod: Obj) -> int:
    return int(pod["spec"].get("priority") or 0)


def nominated_node(pod: Obj) -> str:
    return str((pod.get("status") or {}).get("nominatedNodeName") or "")


def ineligible(pod: Obj, seats: Seats, objections: dict[str, Objection]) -> str:
    """Why this pod may not make others leave; empty if it may."""
    if pod["spec"].get("preemptionPolicy") == "Never":
        return NEVER
    node = nominated_node(pod)
    seat = seats.of_node(node)
    if seat is None or (node in objections and objections[node].helpless):
        return ""
    leaving = (other for other in seat.pods.values() if priority_of(other) < priority_of(pod))
    return WAITING if any(_leaves_for_another(other) for other in leaving) else ""


def candidates(
    pod: Obj, seats: Seats, objections: dict[str, Objection], budgets: Sequence[Obj], fits: Fits
) -> tuple[list[Candidate], list[Objection]]:
    """Nodes on which it would fit without the victims; of the others, why not even that would help."""
    found, futile = [], []
    for seat in seats.nodes():
        name = (seat.node or {})["metadata"]["name"]
        if objections[name].helpless:
            futile.append(NOT_HELPFUL)
            continue
        outcome = _victims_on(name, pod, seats, seat, budgets, fits)
        if isinstance(outcome, Candidate):
            found.append(outcome)
        else:
            futile.append(outcome)
    return found, futile


def _victims_on(
    name: str, pod: Obj, seats: Seats, seat: Seat, budgets: Sequence[Obj], fits: Fits
) -> Candidate | Objection:
    lower = {key: other for key, other in seat.pods.items() if priority_of(other) < priority_of(pod)}
    if not lower:
        return NO_VICTIMS
    with _absent(seats, seat, lower) as away:
        objection = fits(seat)
        if objection is not None:
            return objection
        violating = _violating(sorted(lower, key=lambda key: _importance(lower[key])), lower, budgets)
        order = sorted(lower, key=lambda key: (key not in violating, _importance(lower[key])))
        for key in order:  # who may stay after all: first those whose budget says no, and the important ones first
            seats.put_back(seat, key, lower[key])
            if fits(seat) is None:
                away.discard(key)
            else:
                seats.take_out(seat, key)
        victims = sorted((lower[key] for key in away), key=_importance)
        return Candidate(name, tuple(victims), len(away & violating))


@contextmanager
def _absent(seats: Seats, seat: Seat, pods: dict[str, Obj]) -> Iterator[set[str]]:
    """As if these were gone; those that the set still names at the end come back then."""
    away = set(pods)
    for key in pods:
        seats.take_out(seat, key)
    try:
        yield away
    finally:
        for key in away:
            seats.put_back(seat, key, pods[key])


def _violating(keys: Iterable[str], pods: dict[str, Obj], budgets: Sequence[Obj]) -> set[str]:
    """Those whose budget would be overdrawn if all left, in this order."""
    left = [int((budget.get("status") or {}).get("disruptionsAllowed") or 0) for budget in budgets]
    found = set()
    for key in keys:
        meta = pods[key]["metadata"]
        for index, budget in enumerate(budgets):
            mine = budget["metadata"]["namespace"] == meta["namespace"] and budget["spec"].get("selector")
            if not mine or not matches(budget["spec"]["selector"], labels_of(pods[key])):
                continue
            if meta["name"] in ((budget.get("status") or {}).get("disruptedPods") or {}):
                continue
            left[index] -= 1
            if left[index] < 0:
                found.add(key)
    return found


def _importance(pod: Obj) -> tuple[float, float]:
    """Sorts the most important first: higher priority, then earlier start."""
    return -priority_of(pod), _started(pod)


def _started(pod: Obj) -> float:
    since = (pod.get("status") or {}).get("startTime")
    return parse_timestamp(since) if since else LATEST


def _leaves_for_another(pod: Obj) -> bool:
    target = podlib.condition(pod, "DisruptionTarget")
    return podlib.is_terminating(pod) and target is not None and target.get("reason") == BY_SCHEDULER
