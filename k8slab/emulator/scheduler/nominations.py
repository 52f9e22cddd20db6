"""Pods that wait on a node's threshold: others leave it for them, and less important ones may not slip in meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.scheduler.demand import Seat
from k8slab.emulator.scheduler.preemption import nominated_node, priority_of


class Nominations:
    def __init__(self) -> None:
        self._by_node: dict[str, dict[str, Obj]] = {}

    def __bool__(self) -> bool:
        return bool(self._by_node)

    def note(self, change: Change, *, waits: bool) -> None:
        key, pod = key_of(change.new), change.new
        for node in [node for node, held in self._by_node.items() if key in held]:
            del self._by_node[node][key]
            if not self._by_node[node]:
                del self._by_node[node]
        if waits and nominated_node(pod):
            self._by_node.setdefault(nominated_node(pod), {})[key] = pod

    def less_important(self, pod: Obj, node: str) -> list[tuple[str, Obj]]:
        waiting = self._by_node.get(node, {})
        return [(key, other) for key, other in waiting.items() if priority_of(other) < priority_of(pod)]

    @contextmanager
    def seated(self, pod: Obj, seat: Seat, node: str) -> Iterator[None]:
        """As if those who wait for this node were there, but for less important ones and the pod itself."""
        uid = pod["metadata"]["uid"]
        guests = [
            (key, other)
            for key, other in self._by_node.get(node, {}).items()
            if other["metadata"]["uid"] != uid and priority_of(other) >= priority_of(pod)
        ]
        for key, other in guests:
            seat.add(key, other)
        try:
            yield
        finally:
            for key, _ in guests:
                seat.remove(key)
