"""StatefulSets: pods with a name of their own, made and updated one after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import controller_of, key_of, owner_keys
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.labels import labels_of, matches
from k8slab.emulator.controllers.revisions import history
from k8slab.emulator.controllers.rollout.budget import scaled
from k8slab.emulator.controllers.stateful import identity
from k8slab.emulator.controllers.stateful.setpods import SetPods
from k8slab.emulator.ports import Change, Obj

SETS = "statefulsets.apps"


class Round(NamedTuple):
    """One look at a set: its pods by number, and the revisions between which it moves."""

    owner: Obj
    pods: Mapping[int, Obj]
    current: Obj
    update: Obj

    @property
    def ordered(self) -> bool:
        return bool(self.owner["spec"].get("podManagementPolicy", "OrderedReady") == "OrderedReady")

    @property
    def partition(self) -> int:
        rolling = (self.owner["spec"].get("updateStrategy") or {}).get("rollingUpdate") or {}
        return int(rolling.get("partition") or 0)


@controller("statefulset")
class StatefulSets:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._sets, self._pods = desk.cache.of(SETS), desk.cache.of("pods")
        revisions = desk.cache.of(history.RESOURCE)
        self._history = history.History(desk.api, revisions, "controller.kubernetes.io/hash")
        self._own = SetPods(desk.api, desk.events("statefulset-controller"))
        self._queue = desk.queue("statefulset", self.reconcile)
        self._sets.on_change(lambda change: self._queue.add(key_of(change.new)))
        self._pods.on_change(self._pod_changed)

    def _pod_changed(self, change: Change) -> None:
        pod = change.new
        namespace = pod["metadata"]["namespace"]
        for key in owner_keys(change, "StatefulSet"):
            self._queue.add(key)
        if change.type != "DELETED" and controller_of(pod) is None:
            for candidate in self._sets.in_namespace(namespace):
                if _is_of(candidate, pod):
                    self._queue.add(key_of(candidate))

    def reconcile(self, key: str) -> None:
        owner = self._sets.get(key)
        if owner is None:
            return
        if podlib.is_terminating(owner):
            return
        pods = self._claim(owner)
        update = self._history.newest(owner)
        wanted = (owner.get("status") or {}).get("currentRevision")
        current = next((r for r in self._history.of(owner) if r["metadata"]["name"] == wanted), update)
        numbered = {identity.ordinal_of(owner, pod): pod for pod in pods}
        look = Round(owner, {n: pod for n, pod in numbered.items() if n is not None}, current, update)
        try:
            self._act(look)
        finally:
            self._write_status(look)
        live = {current["metadata"]["name"], update["metadata"]["name"], *(identity.revision_of(pod) for pod in pods)}
        self._history.trim(owner, live)

    def _claim(self, owner: Obj) -> list[Obj]:
        held = []
        for pod in self._pods.owned_by(owner["metadata"]["uid"]):
            if _is_of(owner, pod):
                held.append(pod)
            elif not podlib.is_terminating(pod):
                podlib.release(self._api, "pods", pod)
        for pod in self._pods.orphans(owner["metadata"]["namespace"]):
            if not podlib.is_terminating(pod) and _is_of(owner, pod):
                held.append(podlib.adopt(self._api, "pods", pod, owner))
        return held

    def _act(self, look: Round) -> None:
        if self._fill(look) and self._retire(look):
            self._update(look)

    def _fill(self, look: Round) -> bool:
        """Makes what is missing, in order. False where the rest has to wait."""
        for ordinal in identity.ordinals(look.owner):
            pod = look.pods.get(ordinal)
            if pod is None:
                revision = self._revision_for(look, ordinal)
                template = history.template_of(revision)
                self._own.create(look.owner, template, ordinal, revision["metadata"]["name"])
            elif podlib.is_finished(pod):
                if not podlib.is_terminating(pod):
                    self._own.replace_ended(look.owner, pod)
            elif not podlib.is_terminating(pod) and self._is_available(look.owner, pod):
                continue
            if look.ordered:
                return False
        return True

    def _revision_for(self, look: Round, ordinal: int) -> Obj:
        """Below the partition a pod that is lost comes back as it was."""
        if _strategy(look.owner) != "RollingUpdate":
            return look.update
        return look.current if ordinal < identity.first_ordinal(look.owner) + look.partition else look.update

    def _retire(self, look: Round) -> bool:
        """Takes away what is too much, the highest number first."""
        wanted = identity.ordinals(look.owner)
        extra = sorted((n for n in look.pods if n not in wanted), reverse=True)
        sick = self._first_unhealthy(look)
        for ordinal in extra:
            pod = look.pods[ordinal]
            if podlib.is_terminating(pod):
                if look.ordered:
                    return False
                continue
            if look.ordered and not self._is_available(look.owner, pod) and ordinal != sick:
                return False
            self._own.retire(look.owner, pod)
            if look.ordered:
                return False
        return True

    def _first_unhealthy(self, look: Round) -> int | None:
        sick = [n for n, p in look.pods.items() if podlib.is_terminating(p) or not self._is_available(look.owner, p)]
        return min(sick, default=None)

    def _update(self, look: Round) -> None:
        if _strategy(look.owner) != "RollingUpdate":
            return
        budget = _max_unavailable(look.owner)
        first = identity.first_ordinal(look.owner)
        for ordinal in reversed(identity.ordinals(look.owner)):
            pod = look.pods.get(ordinal)
            if ordinal < first + look.partition or budget <= 0:
                return
            if pod is None or podlib.is_terminating(pod):
                budget -= 1
            elif identity.revision_of(pod) != look.update["metadata"]["name"]:
                self._own.delete(look.owner, pod)
                budget -= 1
            elif not self._is_available(look.owner, pod):
                budget -= 1

    def _is_available(self, owner: Obj, pod: Obj) -> bool:
        wait = podlib.available_in(pod, owner["spec"].get("minReadySeconds") or 0, self._desk.clock.now())
        if wait:
            self._queue.add_after(key_of(owner), wait)
        return wait == 0 and podlib.phase(pod) == "Running"

    def _write_status(self, look: Round) -> None:
        owner = self._sets.get(key_of(look.owner))
        if owner is None or owner["metadata"]["uid"] != look.owner["metadata"]["uid"]:
            return
        pods = [p for p in self._pods.owned_by(owner["metadata"]["uid"]) if _is_of(owner, p)]
        status = self._status(owner, pods, look)
        if status != owner.get("status"):
            self._api.update(SETS, {**owner, "status": status}, "status")

    def _status(self, owner: Obj, pods: list[Obj], look: Round) -> dict[str, Any]:
        current, update = look.current["metadata"]["name"], look.update["metadata"]["name"]
        steady = [identity.revision_of(pod) for pod in pods if not podlib.is_terminating(pod)]
        ready = sum(podlib.phase(pod) == "Running" and podlib.is_ready(pod) for pod in pods)
        updated, old = steady.count(update), steady.count(current)
        if _strategy(owner) == "RollingUpdate" and updated == len(pods) == ready == identity.replicas_of(owner):
            current, old = update, updated
        counts = {"readyReplicas": ready, "currentReplicas": old, "updatedReplicas": updated}
        return {
            "observedGeneration": look.owner["metadata"].get("generation", 1),
            "replicas": len(pods),
            **{name: count for name, count in counts.items() if count},
            "currentRevision": current,
            "updateRevision": update,
            "collisionCount": (owner.get("status") or {}).get("collisionCount") or 0,
            "availableReplicas": sum(self._is_available(owner, pod) for pod in pods),
        }


def _is_of(owner: Obj, pod: Obj) -> bool:
    return identity.ordinal_of(owner, pod) is not None and matches(owner["spec"]["selector"], labels_of(pod))


def _strategy(owner: Obj) -> str:
    return str((owner["spec"].get("updateStrategy") or {}).get("type", "RollingUpdate"))


def _max_unavailable(owner: Obj) -> int:
    rolling = (owner["spec"].get("updateStrategy") or {}).get("rollingUpdate") or {}
    return max(1, scaled(rolling.get("maxUnavailable", 1), identity.replicas_of(owner), up=False))
