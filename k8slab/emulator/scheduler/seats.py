"""The scheduler's picture of the cluster: nodes with their pods, kept in step by changes."""

from __future__ import annotations

from collections.abc import Callable

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import Cache, key_of
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.scheduler.demand import Seat


class Seats:
    def __init__(self, cache: Cache, room_made: Callable[[], None]) -> None:
        self._seats: dict[str, Seat] = {}
        self._place: dict[str, str] = {}
        self._room_made = room_made
        self.with_affinity: dict[str, Obj] = {}  # placed pods whose own anti-affinity others must respect
        cache.of("nodes").on_change(self._node_changed)
        cache.of("pods").on_change(self._pod_changed)

    def nodes(self) -> list[Seat]:
        return [seat for _, seat in sorted(self._seats.items()) if seat.node is not None]

    def pods(self) -> list[tuple[Obj, Seat]]:
        return [(pod, seat) for seat in self._seats.values() if seat.node for pod in seat.pods.values()]

    def seat_of(self, key: str) -> Seat | None:
        return self._seats.get(self._place.get(key, ""))

    def of_node(self, name: str) -> Seat | None:
        seat = self._seats.get(name)
        return seat if seat is not None and seat.node is not None else None

    def take_out(self, seat: Seat, key: str) -> None:
        """For a trial only; `put_back` must follow."""
        seat.remove(key)
        self.with_affinity.pop(key, None)

    def put_back(self, seat: Seat, key: str, pod: Obj) -> None:
        seat.add(key, pod)
        self._note_affinity(key, pod)

    def _note_affinity(self, key: str, pod: Obj) -> None:
        if (pod["spec"].get("affinity") or {}).get("podAntiAffinity"):
            self.with_affinity[key] = pod

    def _node_changed(self, change: Change) -> None:
        seat = self._seats.setdefault(change.new["metadata"]["name"], Seat())
        if change.type == "DELETED":
            seat.node = None
            return
        before, seat.node = seat.node, change.new
        if before is None or _face(before) != _face(change.new):
            self._room_made()

    def _pod_changed(self, change: Change) -> None:
        pod, key = change.new, key_of(change.new)
        gone = change.type == "DELETED" or podlib.is_finished(pod)
        node = pod["spec"].get("nodeName")
        held = self._place.get(key)
        if held is not None and (gone or held != node):
            self._leave(key, held)
        if gone or not node:
            return
        self._seats.setdefault(node, Seat()).add(key, pod)
        self._place[key] = node
        self._note_affinity(key, pod)
        if change.old is not None and change.old["metadata"].get("labels") != pod["metadata"].get("labels"):
            self._room_made()

    def _leave(self, key: str, node: str) -> None:
        self._seats[node].remove(key)
        self._place.pop(key, None)
        self.with_affinity.pop(key, None)
        self._room_made()


def _face(node: Obj) -> tuple[object, ...]:
    """What decides placement: not the heartbeat."""
    return node["metadata"].get("labels"), node.get("spec"), (node.get("status") or {}).get("allocatable")
