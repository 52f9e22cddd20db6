"""Which of the nodes that fit is best: the emptiest, with preferences, soft taints and siblings weighed in."""

from __future__ import annotations

from fractions import Fraction

from k8slab.emulator.ports import Obj
from k8slab.emulator.scheduler.affinity import preferred_score
from k8slab.emulator.scheduler.demand import ASSUMED, Amounts, Seat
from k8slab.emulator.scheduler.filters import tolerates


def best(pod: Obj, wanted: Amounts, seats: list[Seat]) -> Seat:
    """The highest score; of equal ones the first by name, so that runs can be repeated."""
    return max(seats, key=lambda seat: _score(pod, wanted, seat))


def _score(pod: Obj, wanted: Amounts, seat: Seat) -> tuple[int, int, Fraction, int]:
    node = seat.node or {}
    soft = sum(
        taint["effect"] == "PreferNoSchedule" and not tolerates(pod, taint)
        for taint in node["spec"].get("taints") or ()
    )
    return (preferred_score(pod, node) - 100 * soft, -seat.siblings(pod), _free(wanted, seat), -len(seat.pods))


def _free(wanted: Amounts, seat: Seat) -> Fraction:
    have = seat.allocatable()
    shares = []
    for name, least in ASSUMED.items():
        total = have.get(name)
        if total:
            shares.append(1 - (seat.assumed[name] + (wanted.get(name) or least)) / total)
    return sum(shares, Fraction(0)) / max(1, len(shares))
