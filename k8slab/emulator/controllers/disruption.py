"""PodDisruptionBudgets: how many of their pods may be evicted now. Eviction itself is the API server's."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import controller_of, key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.labels import labels_of, matches
from k8slab.emulator.controllers.rollout.budget import replicas_of, scaled
from k8slab.emulator.ports import Change, Obj

BUDGETS = "poddisruptionbudgets.policy"


@controller("disruption")
class DisruptionBudgets:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._budgets, self._pods = desk.cache.of(BUDGETS), desk.cache.of("pods")
        self._queue = desk.queue("disruption", self.reconcile)
        self._budgets.on_change(lambda change: self._queue.add(key_of(change.new)))
        self._pods.on_change(self._pod_changed)

    def _pod_changed(self, change: Change) -> None:
        for budget in self._budgets.in_namespace(change.new["metadata"]["namespace"]):
            if matches(budget["spec"].get("selector"), labels_of(change.new)):
                self._queue.add(key_of(budget))

    def reconcile(self, key: str) -> None:
        budget = self._budgets.get(key)
        if budget is None:
            return
        selector = budget["spec"].get("selector")
        namespace = budget["metadata"]["namespace"]
        pods = [p for p in self._pods.in_namespace(namespace) if matches(selector, labels_of(p))]
        pods = [p for p in pods if not podlib.is_finished(p)]
        expected, desired = self._expected(budget, pods)
        disrupted = (budget.get("status") or {}).get("disruptedPods") or {}
        healthy = sum(
            podlib.is_ready(p) and not podlib.is_terminating(p) and p["metadata"]["name"] not in disrupted for p in pods
        )
        self._write(budget, expected, desired, healthy)

    def _expected(self, budget: Obj, pods: list[Obj]) -> tuple[int, int]:
        """How many pods there should be, and how many must stay healthy."""
        spec = budget["spec"]
        if spec.get("maxUnavailable") is not None:
            expected = self._wanted_by_owners(pods)
            return expected, max(0, expected - scaled(spec["maxUnavailable"], expected, up=True))
        minimum = spec.get("minAvailable", 1)
        if isinstance(minimum, str):
            expected = self._wanted_by_owners(pods)
            return expected, scaled(minimum, expected, up=True)
        return len(pods), int(minimum)

    def _wanted_by_owners(self, pods: list[Obj]) -> int:
        owners: dict[str, int] = {}
        for pod in pods:
            owner = controller_of(pod)
            resource = podlib.CONTROLLED_KINDS.get(owner["kind"]) if owner else None
            found = (
                self._api.find(resource, owner["name"], pod["metadata"]["namespace"]) if owner and resource else None
            )
            if found is not None:
                owners[found["metadata"]["uid"]] = replicas_of(found)
        return sum(owners.values())

    def _write(self, budget: Obj, expected: int, desired: int, healthy: int) -> None:
        allowed = max(0, healthy - desired) if expected else 0
        status = budget.get("status") or {}
        generation = budget["metadata"].get("generation", 1)
        value, reason = ("True", "SufficientPods") if allowed else ("False", "InsufficientPods")
        old = podlib.condition(budget, "DisruptionAllowed")
        since = old["lastTransitionTime"] if old is not None and old["status"] == value else self._desk.now()
        condition: dict[str, Any] = {
            "type": "DisruptionAllowed",
            "status": value,
            "observedGeneration": generation,
            "lastTransitionTime": since,
            "reason": reason,
            "message": "",
        }
        counts = {"currentHealthy": healthy, "desiredHealthy": desired, "expectedPods": expected}
        changed = {**status, "observedGeneration": generation, "disruptionsAllowed": allowed, **counts}
        changed["conditions"] = [condition]
        if changed != status:
            self._api.update(BUDGETS, {**budget, "status": changed}, "status")
