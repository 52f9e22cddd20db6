"""Which pods of a set go first when it shrinks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.times import parse_timestamp
from k8slab.emulator.ports import Obj

DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
PHASES = {"Pending": 0, "Unknown": 1, "Running": 2}


def by_deletion_order(pods: Iterable[Obj], related: Iterable[Obj], now: float) -> list[Obj]:
    """Unassigned, pending and unready ones first, then cheaper ones, those on crowded nodes, the most recently
    ready, the most often restarted, the youngest."""
    crowd = Counter(pod["spec"].get("nodeName") for pod in related)

    def rank(pod: Obj) -> tuple[Any, ...]:
        ready = podlib.is_ready(pod)
        return (
            bool(pod["spec"].get("nodeName")),
            PHASES.get(podlib.phase(pod), 2),
            ready,
            _cost(pod),
            -crowd[pod["spec"].get("nodeName")],
            _bucket(now - podlib.ready_since(pod)) if ready else 0,
            -_restarts(pod),
            _bucket(now - parse_timestamp(pod["metadata"]["creationTimestamp"])),
            pod["metadata"]["uid"],
        )

    return sorted(pods, key=rank)


def _cost(pod: Obj) -> int:
    text = (pod["metadata"].get("annotations") or {}).get(DELETION_COST, "0")
    try:
        return int(text)
    except ValueError:
        return 0


def _bucket(age: float) -> int:
    """Ages are compared by their order of magnitude, so that the choice among similar ones is not the same always."""
    return int(max(age, 1.0)).bit_length()


def _restarts(pod: Obj) -> int:
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    return max((int(s.get("restartCount", 0)) for s in statuses), default=0)
