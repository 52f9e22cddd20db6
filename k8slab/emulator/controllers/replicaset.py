"""ReplicaSets and ReplicationControllers: keep so many pods of a template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import controller_of, key_of, owner_keys
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.labels import contains, labels_of, matches
from k8slab.emulator.controllers.victims import by_deletion_order
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.status import ApiError

BURST = 500


class Flavour(NamedTuple):
    """Where the two kinds differ: their resource, name and the form of the selector."""

    resource: str
    kind: str
    component: str
    selects: Callable[[Any, Any], bool]


REPLICA_SETS = Flavour("replicasets.apps", "ReplicaSet", "replicaset-controller", matches)
REPLICATION_CONTROLLERS = Flavour(
    "replicationcontrollers", "ReplicationController", "replication-controller", lambda s, have: contains(have, s or {})
)


class Replicas:
    def __init__(self, desk: Desk, flavour: Flavour) -> None:
        self._desk, self._flavour = desk, flavour
        self._api = desk.api
        self._events = desk.events(flavour.component)
        self._sets = desk.cache.of(flavour.resource)
        self._pods = desk.cache.of("pods")
        self._queue = desk.queue(flavour.kind, self.reconcile)
        self._sets.on_change(lambda change: self._queue.add(key_of(change.new)))
        self._pods.on_change(self._pod_changed)

    def _pod_changed(self, change: Change) -> None:
        pod = change.new
        namespace = pod["metadata"]["namespace"]
        for key in owner_keys(change, self._flavour.kind):
            self._queue.add(key)
        if change.type != "DELETED" and controller_of(pod) is None:
            for candidate in self._sets.in_namespace(namespace):
                if self._selects(candidate, pod):
                    self._queue.add(key_of(candidate))

    def _selects(self, owner: Obj, pod: Obj) -> bool:
        return self._flavour.selects(owner["spec"].get("selector"), labels_of(pod))

    def reconcile(self, key: str) -> None:
        owner = self._sets.get(key)
        if owner is None:
            return
        pods = self._claim(owner)
        active = [pod for pod in pods if podlib.is_active(pod)]
        failure: ApiError | None = None
        if not podlib.is_terminating(owner):
            failure = self._manage(owner, active)
        self._write_status(owner, failure)
        if failure is not None:
            raise failure

    def _claim(self, owner: Obj) -> list[Obj]:
        """Own pods that still match; others are released, matching orphans are adopted."""
        held = []
        for pod in self._pods.owned_by(owner["metadata"]["uid"]):
            if self._selects(owner, pod):
                held.append(pod)
            elif not podlib.is_terminating(owner) and not podlib.is_terminating(pod):
                podlib.release(self._api, "pods", pod)
        if podlib.is_terminating(owner):
            return held
        for pod in self._pods.orphans(owner["metadata"]["namespace"]):
            if podlib.is_active(pod) and self._selects(owner, pod):
                held.append(podlib.adopt(self._api, "pods", pod, owner))
        return held

    def _manage(self, owner: Obj, active: list[Obj]) -> ApiError | None:
        missing = _wanted(owner) - len(active)
        if missing > 0:
            return self._create(owner, min(missing, BURST))
        if missing < 0:
            related = self._related(owner)
            for pod in by_deletion_order(active, related, self._desk.clock.now())[: min(-missing, BURST)]:
                self._delete(owner, pod)
        return None

    def _related(self, owner: Obj) -> list[Obj]:
        """Pods of all sets of the same Deployment: a node that holds more of them gives first."""
        above = controller_of(owner)
        siblings = self._sets.owned_by(above["uid"]) if above else [owner]
        return [pod for s in siblings for pod in self._pods.owned_by(s["metadata"]["uid"]) if podlib.is_active(pod)]

    def _create(self, owner: Obj, count: int) -> ApiError | None:
        meta = owner["metadata"]
        body = podlib.from_template(owner["spec"]["template"], owner, generateName=f"{meta['name']}-")
        for _ in range(count):
            try:
                made = self._api.create("pods", body, meta["namespace"])
            except ApiError as error:
                if _terminating_namespace(error):
                    return None
                self._events.warning(owner, "FailedCreate", f"Error creating: {error.message}")
                return error
            self._events.normal(owner, "SuccessfulCreate", f"Created pod: {made['metadata']['name']}")
        return None

    def _delete(self, owner: Obj, pod: Obj) -> None:
        meta = pod["metadata"]
        try:
            self._api.delete("pods", meta["name"], meta["namespace"], uid=meta["uid"])
        except ApiError as error:
            if error.code != 404:
                self._events.warning(owner, "FailedDelete", f"Error deleting: {error.message}")
                raise
            return
        self._events.normal(owner, "SuccessfulDelete", f"Deleted pod: {meta['name']}")

    def _write_status(self, before: Obj, failure: ApiError | None) -> None:
        owner = self._sets.get(key_of(before))
        if owner is None:
            return
        status = self._status(owner, failure)
        if status != owner.get("status"):
            self._api.update(self._flavour.resource, {**owner, "status": status}, "status")

    def _status(self, owner: Obj, failure: ApiError | None) -> dict[str, Any]:
        mine = [p for p in self._pods.owned_by(owner["metadata"]["uid"]) if self._selects(owner, p)]
        pods = [pod for pod in mine if podlib.is_active(pod)]
        template_labels = owner["spec"]["template"]["metadata"].get("labels") or {}
        waits = [
            podlib.available_in(pod, owner["spec"].get("minReadySeconds") or 0, self._desk.clock.now()) for pod in pods
        ]
        later = [wait for wait in waits if wait]
        if later:
            self._queue.add_after(key_of(owner), min(later))
        counts = {
            "fullyLabeledReplicas": sum(contains(labels_of(pod), template_labels) for pod in pods),
            "readyReplicas": sum(podlib.is_ready(pod) for pod in pods),
            "availableReplicas": sum(wait == 0 for wait in waits),
        }
        status: dict[str, Any] = {"replicas": len(pods), **{name: count for name, count in counts.items() if count}}
        if self._flavour is REPLICA_SETS:
            status["terminatingReplicas"] = sum(podlib.is_terminating(p) and not podlib.is_finished(p) for p in mine)
        status["observedGeneration"] = owner["metadata"].get("generation", 1)
        conditions = self._conditions(owner, failure, len(pods))
        return {**status, **({"conditions": conditions} if conditions else {})}

    def _conditions(self, owner: Obj, failure: ApiError | None, have: int) -> list[dict[str, Any]]:
        old = [dict(c) for c in (owner.get("status") or {}).get("conditions") or ()]
        others = [c for c in old if c["type"] != "ReplicaFailure"]
        if failure is None:
            return others
        held = next((c for c in old if c["type"] == "ReplicaFailure"), None)
        if held is not None:
            return old
        reason = "FailedCreate" if _wanted(owner) > have else "FailedDelete"
        made = {"type": "ReplicaFailure", "status": "True", "lastTransitionTime": self._desk.now(), "reason": reason}
        return [*others, {**made, "message": failure.message}]


def _wanted(owner: Obj) -> int:
    replicas = owner["spec"].get("replicas")
    return 1 if replicas is None else int(replicas)


def _terminating_namespace(error: ApiError) -> bool:
    return any(cause.reason == "NamespaceTerminating" for cause in error.causes)


@controller("replicaset")
def replica_sets(desk: Desk) -> Replicas:
    return Replicas(desk, REPLICA_SETS)


@controller("replicationcontroller")
def replication_controllers(desk: Desk) -> Replicas:
    return Replicas(desk, REPLICATION_CONTROLLERS)
