"""Deployments: move from the old template's ReplicaSets to the new one's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import controller_of, key_of, owner_keys
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.labels import labels_of, matches
from k8slab.emulator.controllers.rollout import budget, conditions, progress
from k8slab.emulator.controllers.rollout.revisions import (
    DEPLOYMENTS,
    DESIRED,
    SETS,
    Revisions,
    annotations_of,
    revision_of,
)
from k8slab.emulator.controllers.rollout.scale import Scaler, active
from k8slab.emulator.ports import Change, Obj

COMPONENT = "deployment-controller"


@controller("deployment")
class Deployments:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._revisions = Revisions(desk, COMPONENT)
        self._scaler = Scaler(desk, COMPONENT)
        self._deployments = desk.cache.of(DEPLOYMENTS)
        self._sets = desk.cache.of(SETS)
        self._pods = desk.cache.of("pods")
        self._queue = desk.queue("deployment", self.reconcile)
        self._deployments.on_change(lambda change: self._queue.add(key_of(change.new)))
        self._sets.on_change(self._set_changed)
        self._pods.on_change(self._pod_changed)

    def _set_changed(self, change: Change) -> None:
        namespace = change.new["metadata"]["namespace"]
        for key in owner_keys(change, "Deployment"):
            self._queue.add(key)
        if change.type != "DELETED" and controller_of(change.new) is None:
            for candidate in self._deployments.in_namespace(namespace):
                if matches(candidate["spec"]["selector"], labels_of(change.new)):
                    self._queue.add(key_of(candidate))

    def _pod_changed(self, change: Change) -> None:
        """Only Recreate waits for pods: the last old one to go lets the new ones start."""
        if change.type != "DELETED":
            return
        owner = controller_of(change.new)
        if owner is None or owner["kind"] != "ReplicaSet":
            return
        rs = self._sets.get(f"{change.new['metadata']['namespace']}/{owner['name']}")
        above = controller_of(rs) if rs else None
        if above is not None:
            key = f"{change.new['metadata']['namespace']}/{above['name']}"
            deployment = self._deployments.get(key)
            if deployment is not None and not budget.is_rolling(deployment):
                self._queue.add(key)

    def reconcile(self, key: str) -> None:
        deployment = self._deployments.get(key)
        if deployment is None:
            return
        sets = self._claim(deployment)
        if podlib.is_terminating(deployment):
            self._write(deployment, progress.counted(deployment, None, sets, self._desk.now()))
            return
        deployment = self._note_pause(deployment)
        if deployment["spec"].get("paused") or _is_resized(deployment, sets):
            self._hold(deployment, sets)
        elif budget.is_rolling(deployment):
            self._roll(deployment, sets)
        else:
            self._recreate(deployment, sets)

    def _claim(self, deployment: Obj) -> list[Obj]:
        selector = deployment["spec"]["selector"]
        held = []
        for rs in self._sets.owned_by(deployment["metadata"]["uid"]):
            if matches(selector, labels_of(rs)):
                held.append(rs)
            elif not podlib.is_terminating(rs):
                podlib.release(self._api, SETS, rs)
        if not podlib.is_terminating(deployment):
            for rs in self._sets.orphans(deployment["metadata"]["namespace"]):
                if not podlib.is_terminating(rs) and matches(selector, labels_of(rs)):
                    held.append(podlib.adopt(self._api, SETS, rs, deployment))
        return held

    def _note_pause(self, deployment: Obj) -> Obj:
        """A pause stops the clock of the progress deadline; resuming starts it anew."""
        status = deployment.get("status") or {}
        held = status.get("conditions") or []
        current = conditions.find(held, "Progressing")
        if not conditions.has_deadline(deployment):
            return deployment
        if current is not None and current["reason"] == "ProgressDeadlineExceeded":
            return deployment
        noted = current is not None and current["reason"] == "DeploymentPaused"
        paused = bool(deployment["spec"].get("paused"))
        if paused == noted:
            return deployment
        reason, text = ("DeploymentPaused", "paused") if paused else ("DeploymentResumed", "resumed")
        made = conditions.made("Progressing", "Unknown", reason, f"Deployment is {text}", self._desk.now())
        changed = {**deployment, "status": {**status, "conditions": conditions.put(held, made)}}
        return self._api.update(DEPLOYMENTS, changed, "status")

    def _hold(self, deployment: Obj, sets: list[Obj]) -> None:
        deployment, new, old = self._revisions.sync(deployment, sets, create=False)
        self._scaler.resize(deployment, new, old)
        if deployment["spec"].get("paused"):
            self._clean(deployment, old)
        everything = self._current(deployment)
        self._write(deployment, progress.counted(deployment, _newest(new, everything), everything, self._desk.now()))

    def _roll(self, deployment: Obj, sets: list[Obj]) -> None:
        deployment, new, old = self._revisions.sync(deployment, sets, create=True)
        assert new is not None  # create=True makes it or raises
        moved = self._scaler.grow_new(deployment, new, old) or self._scaler.shrink_old(deployment, new, old)
        if not moved and progress.is_complete(deployment, deployment.get("status") or {}):
            self._clean(deployment, old)
        self._sync_status(deployment, new)

    def _recreate(self, deployment: Obj, sets: list[Obj]) -> None:
        deployment, new, old = self._revisions.sync(deployment, sets, create=False)
        if not self._scaler.drop(deployment, old) and not self._old_pods_run(old):
            if new is None:
                deployment, new, old = self._revisions.sync(deployment, sets, create=True)
            if new is not None:
                self._scaler.to(deployment, new, budget.replicas_of(deployment))
            if progress.is_complete(deployment, deployment.get("status") or {}):
                self._clean(deployment, old)
        self._sync_status(deployment, new)

    def _old_pods_run(self, old: list[Obj]) -> bool:
        return any(not podlib.is_finished(pod) for rs in old for pod in self._pods.owned_by(rs["metadata"]["uid"]))

    def _clean(self, deployment: Obj, old: list[Obj]) -> None:
        limit = deployment["spec"].get("revisionHistoryLimit")
        if limit is None:
            return
        cleanable = sorted((rs for rs in old if not podlib.is_terminating(rs)), key=revision_of)
        for rs in cleanable[: max(0, len(cleanable) - limit)]:
            status = rs.get("status") or {}
            observed = status.get("observedGeneration", 0) >= rs["metadata"].get("generation", 1)
            if not status.get("replicas") and not budget.replicas_of(rs) and observed:
                self._api.delete(SETS, rs["metadata"]["name"], rs["metadata"]["namespace"])

    def _current(self, deployment: Obj) -> list[Obj]:
        """The sets as they are after this round's writes."""
        return self._sets.owned_by(deployment["metadata"]["uid"])

    def _sync_status(self, deployment: Obj, new: Obj | None) -> None:
        sets = self._current(deployment)
        new = _newest(new, sets)
        status = progress.counted(deployment, new, sets, self._desk.now())
        seconds = self._desk.clock.now()
        status = progress.conclude(deployment, new, sets, status, self._desk.now(), seconds)
        self._write(deployment, status)
        left = progress.seconds_left(deployment, status["conditions"], seconds)
        if left is not None and left >= 0 and not progress.is_complete(deployment, status):
            self._queue.add_after(key_of(deployment), left + 1)

    def _write(self, deployment: Obj, status: Mapping[str, Any]) -> None:
        if status != (deployment.get("status") or {}):
            self._api.update(DEPLOYMENTS, {**deployment, "status": status}, "status")


def _newest(new: Obj | None, sets: list[Obj]) -> Obj | None:
    """The new set as it is now."""
    if new is None:
        return None
    return next((rs for rs in sets if rs["metadata"]["uid"] == new["metadata"]["uid"]), new)


def _is_resized(deployment: Obj, sets: list[Obj]) -> bool:
    wanted = str(budget.replicas_of(deployment))
    return any(annotations_of(rs).get(DESIRED, wanted) != wanted for rs in active(sets))
