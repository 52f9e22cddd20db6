"""The scheduler: each pod without a node is tried once, and again whenever something changed that may help it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from k8slab.emulator.clock import Clock
from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import open_desk
from k8slab.emulator.controllers.disruption import BUDGETS
from k8slab.emulator.controllers.labels import labels_of
from k8slab.emulator.ports import Api, Change, Obj
from k8slab.emulator.scheduler import filters, volumes
from k8slab.emulator.scheduler.affinity import PodAffinity, Spread
from k8slab.emulator.scheduler.demand import Amounts, Seat, requests_of
from k8slab.emulator.scheduler.filters import Objection
from k8slab.emulator.scheduler.nominations import Nominations
from k8slab.emulator.scheduler.notices import Notices
from k8slab.emulator.scheduler.preemption import (
    BY_SCHEDULER,
    Candidate,
    candidates,
    ineligible,
    nominated_node,
    priority_of,
)
from k8slab.emulator.scheduler.score import best
from k8slab.emulator.scheduler.seats import Seats

NAME = "default-scheduler"
NOBODY: Obj = {"spec": {}}
NO_CLAIMS = "no new claims to deallocate, preemption: "


def start_scheduler(api: Api, clock: Clock) -> Callable[[], None]:
    return Scheduler(api, clock).stop


class Scheduler:
    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._desk = open_desk(api, clock)
        cache = self._desk.cache
        self._notices = Notices(api, clock, NAME)
        self._stuck: set[str] = set()
        self._nominations = Nominations()
        self._queue = self._desk.queue("scheduler", self.place)
        self._seats = Seats(cache, self._retry_stuck)
        self._budgets = cache.of(BUDGETS)
        self._pods, self._namespaces = cache.of("pods"), cache.of("namespaces")
        self._pods.on_change(self._pod_changed)
        for resource in (volumes.CLAIMS, volumes.VOLUMES, volumes.CLASSES):
            cache.of(resource).on_change(lambda _: self._retry_stuck())

    def stop(self) -> None:
        self._desk.stop()

    def _retry_stuck(self) -> None:
        """The important ones first."""
        for key in sorted(self._stuck, key=lambda key: (-priority_of(self._pods.get(key) or NOBODY), key)):
            self._queue.add(key)
        self._stuck.clear()

    def _pod_changed(self, change: Change) -> None:
        key, pod = key_of(change.new), change.new
        self._nominations.note(change, waits=change.type != "DELETED" and _is_ours(pod))
        if change.type == "DELETED":
            self._stuck.discard(key)
        elif _is_ours(pod) and (change.old is None or change.old["spec"] != pod["spec"] or key not in self._stuck):
            self._queue.add(key)

    def place(self, key: str) -> None:
        pod = self._pods.get(key)
        if pod is None or not _is_ours(pod) or pod["spec"].get("schedulingGates"):
            return
        claims = volumes.PodVolumes(pod, self._desk.cache)
        seats = self._seats.nodes()
        if claims.refusal is not None or not seats:
            refusal = claims.refusal or "no nodes available to schedule pods"
            self._give_up(key, pod, _refused(len(seats), claims.refusal) if seats else refusal)
            return
        wanted = requests_of(pod)
        fitting, objections = self._filter(pod, wanted, seats, claims)
        if not fitting:
            self._make_room(key, pod, wanted, claims, objections)
            return
        seat = best(pod, wanted, fitting)
        node = seat.node or {}
        if claims.bind(self._api, node):
            self._bind(pod, node["metadata"]["name"])
        else:
            self._stuck.add(key)  # the volume binder's write brings it back

    def _filter(
        self, pod: Obj, wanted: Amounts, seats: list[Seat], claims: volumes.PodVolumes
    ) -> tuple[list[Seat], dict[str, Objection]]:
        judge = self._judge(pod, wanted, claims)
        fitting, objections = [], {}
        for seat in seats:
            found = judge(seat)
            if found is None:
                fitting.append(seat)
            else:
                objections[_name(seat)] = found
        return fitting, objections

    def _judge(self, pod: Obj, wanted: Amounts, claims: volumes.PodVolumes) -> Callable[[Seat], Objection | None]:
        """Prepared once for a pod, and for the pods that are there now."""
        near = PodAffinity(pod, self._seats, self._labels_of_namespace)
        spread = Spread(pod, self._seats)
        more = (claims.objection, spread.objection, near.objection)

        def judge(seat: Seat) -> Objection | None:
            if not self._nominations:
                return _first_objection(pod, wanted, seat, more)
            with self._nominations.seated(pod, seat, _name(seat)):
                return _first_objection(pod, wanted, seat, more)

        return judge

    def _make_room(
        self,
        key: str,
        pod: Obj,
        wanted: Amounts,
        claims: volumes.PodVolumes,
        objections: dict[str, Objection],
    ) -> None:
        count, why = len(objections), counted(objections.values())
        refusal = ineligible(pod, self._seats, objections)
        if refusal:
            self._give_up(key, pod, f"{why} {NO_CLAIMS}{refusal}", nominated_node(pod))
            return

        def fits(seat: Seat) -> Objection | None:
            return self._judge(pod, wanted, claims)(seat)

        found, futile = candidates(pod, self._seats, objections, self._budgets.all(), fits)
        if not found:
            self._give_up(key, pod, f"{why} {NO_CLAIMS}{counted(futile, count)}")
            return
        chosen = min(found, key=lambda one: one.cost)
        self._give_up(key, pod, why, chosen.node)
        self._preempt(pod, chosen)

    def _preempt(self, pod: Obj, chosen: Candidate) -> None:
        """Lets the victims go, and those who waited for the same place look elsewhere."""
        for key, other in self._nominations.less_important(pod, chosen.node):
            self._api.update("pods", nominate(other, ""), "status")
            self._queue.add(key)
        text = f"{pod['spec'].get('schedulerName', NAME)}: preempting to accommodate a higher priority pod"
        for victim in chosen.victims:
            if podlib.is_terminating(victim):
                continue
            meta = victim["metadata"]
            podlib.mark_disrupted(self._api, victim, BY_SCHEDULER, text, self._desk.now())
            self._api.delete("pods", meta["name"], meta["namespace"], uid=meta["uid"])
            told = f"Preempted by pod {pod['metadata']['uid']} on node {chosen.node}"
            self._notices.tell(victim, "Normal", "Preempted", told, "Preempting", pod)

    def _labels_of_namespace(self, name: str) -> Mapping[str, str]:
        found = self._namespaces.get(name)
        return labels_of(found) if found else {}

    def _bind(self, pod: Obj, node: str) -> None:
        meta = pod["metadata"]
        bind(self._api, pod, node, self._desk.now())
        text = f"Successfully assigned {meta['namespace']}/{meta['name']} to {node}"
        self._notices.tell(pod, "Normal", "Scheduled", text, "Binding")

    def _give_up(self, key: str, pod: Obj, message: str, nominated: str = "") -> None:
        self._stuck.add(key)
        old = podlib.condition(pod, "PodScheduled")
        known = old is not None and old.get("message") == message and old["status"] == "False"
        if known and nominated == nominated_node(pod):
            return
        made: dict[str, Any] = {
            "type": "PodScheduled",
            "observedGeneration": pod["metadata"].get("generation", 1),
            "status": "False",
            "lastProbeTime": None,
            "lastTransitionTime": old["lastTransitionTime"] if old and old["status"] == "False" else self._desk.now(),
            "reason": "Unschedulable",
            "message": message,
        }
        self._api.update("pods", nominate(with_condition(pod, made), nominated), "status")
        self._notices.tell(pod, "Warning", "FailedScheduling", message, "Scheduling")


def bind(api: Api, pod: Obj, node: str, now: str) -> None:
    """As the binding subresource does: the node, and the condition that goes with it."""
    scheduled = {"type": "PodScheduled", "status": "True", "lastProbeTime": None, "lastTransitionTime": now}
    placed = {**nominate(with_condition(pod, scheduled), ""), "spec": {**pod["spec"], "nodeName": node}}
    bound = api.update("pods", placed, "binding")
    if (podlib.condition(bound, "PodScheduled") or {}).get("status") != "True":
        api.update("pods", with_condition(bound, scheduled), "status")


def with_condition(pod: Obj, condition: Mapping[str, Any]) -> Obj:
    status = pod.get("status") or {}
    others = [c for c in status.get("conditions") or () if c["type"] != condition["type"]]
    return {**pod, "status": {**status, "conditions": [*others, condition]}}


def nominate(pod: Obj, node: str) -> Obj:
    """Where it will go once there is room; nowhere if empty."""
    status = {key: value for key, value in (pod.get("status") or {}).items() if key != "nominatedNodeName"}
    return {**pod, "status": {**status, **({"nominatedNodeName": node} if node else {})}}


def _name(seat: Seat) -> str:
    return str((seat.node or {})["metadata"]["name"])


def _is_ours(pod: Obj) -> bool:
    spec = pod["spec"]
    mine = not spec.get("nodeName") and spec.get("schedulerName", NAME) == NAME
    return mine and podlib.is_active(pod)


def _first_objection(
    pod: Obj, wanted: Amounts, seat: Seat, more: tuple[Callable[[Obj], Objection | None], ...]
) -> Objection | None:
    node = seat.node or {}
    for by_node in filters.BY_NODE:
        found = by_node(pod, node)
        if found is not None:
            return found
    found = filters.ports(pod, seat) or filters.resources(wanted, seat)
    if found is not None:
        return found
    for objection in more:
        found = objection(node)
        if found is not None:
            return found
    return None


def _refused(count: int, refusal: str | None) -> str:
    return (
        f"0/{count} nodes are available: {refusal}. not found"
        if refusal and refusal.endswith("not found")
        else f"0/{count} nodes are available: {refusal}. {NO_CLAIMS}0/{count} nodes are available: {count} "
        "Preemption is not helpful for scheduling."
    )


def counted(objections: Iterable[Objection], count: int | None = None) -> str:
    """How many nodes said what."""
    objections = list(objections)
    said = Counter(reason for objection in objections for reason in objection.reasons)
    why = ", ".join(sorted(f"{number} {reason}" for reason, number in said.items()))
    return f"0/{count or len(objections)} nodes are available: {why}."
