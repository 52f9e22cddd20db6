"""HorizontalPodAutoscalers, in a cluster without a metrics API: the bounds are kept, and each metric is told missing.

The words are those of the real controller, which finds no `metrics.k8s.io` either until somebody installs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.rollout.budget import replicas_of
from k8slab.emulator.ports import Obj

AUTOSCALERS = "horizontalpodautoscalers.autoscaling"
SCALABLE = {
    ("apps", "Deployment"): "deployments.apps",
    ("apps", "ReplicaSet"): "replicasets.apps",
    ("apps", "StatefulSet"): "statefulsets.apps",
    ("", "ReplicationController"): "replicationcontrollers",
}
NOT_SERVED = "the server could not find the requested resource"
RESOURCE_API = f"unable to fetch metrics from resource metrics API: {NOT_SERVED} (get pods.metrics.k8s.io)"
CUSTOM_API = "no custom metrics API (custom.metrics.k8s.io) registered"


@controller("horizontalpodautoscaler")
class Autoscalers:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._events = desk.events("horizontal-pod-autoscaler")
        self._scalers = desk.cache.of(AUTOSCALERS)
        self._queue = desk.queue("horizontalpodautoscaler", self.reconcile)
        self._scalers.on_change(lambda change: self._again(key_of(change.new)))

    def _again(self, key: str) -> None:
        self._queue.add_after(key, self._desk.periods.autoscaler_seconds)

    def reconcile(self, key: str) -> None:
        scaler = self._scalers.get(key)
        if scaler is None or podlib.is_terminating(scaler):
            return
        status = self._look(scaler)
        if status != (scaler.get("status") or {}):
            self._api.update(AUTOSCALERS, {**scaler, "status": status}, "status")
        self._again(key)

    def _look(self, scaler: Obj) -> dict[str, Any]:
        status = dict(scaler.get("status") or {})
        target, problem = self._target(scaler)
        if target is None:
            self._events.warning(scaler, "FailedGetScale", problem)
            text = f"the HPA controller was unable to get the target's current scale: {problem}"
            return self._with(status, "AbleToScale", "False", "FailedGetScale", text)
        text = "the HPA controller was able to get the target's current scale"
        status = self._with(status, "AbleToScale", "True", "SucceededGetScale", text)
        have = replicas_of(target)
        least, most = scaler["spec"].get("minReplicas", 1), scaler["spec"]["maxReplicas"]
        status["currentReplicas"] = int((target.get("status") or {}).get("replicas") or 0)
        if have == 0 and least != 0:
            text = "scaling is disabled since the replica count of the target is zero"
            status = self._with(status, "ScalingActive", "False", "ScalingDisabled", text)
            return {**status, "desiredReplicas": 0}
        if have > most:
            return self._rescale(scaler, target, status, most, "Current number of replicas above Spec.MaxReplicas")
        if have < least:
            return self._rescale(scaler, target, status, least, "Current number of replicas below Spec.MinReplicas")
        return self._miss_metrics(scaler, status)

    def _target(self, scaler: Obj) -> tuple[Obj | None, str]:
        wanted = scaler["spec"]["scaleTargetRef"]
        group = wanted.get("apiVersion", "").rpartition("/")[0]
        resource = SCALABLE.get((group, wanted["kind"]))
        if resource is None:
            return None, f'no matches for kind "{wanted["kind"]}" in group "{group}"'
        found = self._api.find(resource, wanted["name"], scaler["metadata"]["namespace"])
        return found, f'{resource} "{wanted["name"]}" not found'

    def _rescale(self, scaler: Obj, target: Obj, status: dict[str, Any], size: int, why: str) -> dict[str, Any]:
        wanted = scaler["spec"]["scaleTargetRef"]
        resource = SCALABLE[wanted.get("apiVersion", "").rpartition("/")[0], wanted["kind"]]
        meta = target["metadata"]
        self._api.patch(resource, meta["name"], meta["namespace"], {"spec": {"replicas": size}})
        self._events.normal(scaler, "SuccessfulRescale", f"New size: {size}; reason: {why}")
        text = f"the HPA controller was able to update the target scale to {size}"
        status = self._with(status, "AbleToScale", "True", "SucceededRescale", text)
        return {**status, "desiredReplicas": size, "lastScaleTime": self._desk.now()}

    def _miss_metrics(self, scaler: Obj, status: dict[str, Any]) -> dict[str, Any]:
        metrics = scaler["spec"].get("metrics") or [{"type": "Resource", "resource": {"name": "cpu", "target": {}}}]
        missing = [_missing(metric) for metric in metrics]
        for reason, problem, _ in missing:
            self._events.warning(scaler, reason, problem)
        reason, problem, detail = missing[0]
        total = len(metrics)
        text = f"invalid metrics ({total} invalid out of {total}), first error is: {detail}"
        self._events.warning(scaler, "FailedComputeMetricsReplicas", text)
        text = f"the HPA was unable to compute the replica count: {problem}"
        status = self._with(status, "ScalingActive", "False", reason, text)
        return {"desiredReplicas": 0, **status, "currentMetrics": [{"type": ""}] * total}

    def _with(self, status: Mapping[str, Any], kind: str, value: str, reason: str, text: str) -> dict[str, Any]:
        """The status with the condition; its time moves only when its value does."""
        held = [dict(c) for c in status.get("conditions") or ()]
        old = next((c for c in held if c["type"] == kind), None)
        since = old["lastTransitionTime"] if old is not None and old["status"] == value else self._desk.now()
        made = {"type": kind, "status": value, "lastTransitionTime": since, "reason": reason, "message": text}
        conditions = [made if c is old else c for c in held] if old is not None else [*held, made]
        return {**status, "conditions": conditions}


def _missing(metric: Mapping[str, Any]) -> tuple[str, str, str]:
    """The reason, what the event says, and what the summary says of a metric that nobody serves."""
    kind = metric["type"]
    if kind in ("Resource", "ContainerResource"):
        source = metric["resource" if kind == "Resource" else "containerResource"]
        what = "usage" if "averageValue" in (source.get("target") or {}) else "utilization"
        name = source["name"]
        problem = f"failed to get {name} {what}: unable to get metrics for resource {name}: {RESOURCE_API}"
        title = "resource" if kind == "Resource" else "container"
        return f"FailedGet{kind}Metric", problem, f"failed to get {name} {title} metric value: {problem}"
    if kind == "External":
        name = metric["external"]["metric"]["name"]
        api = f"unable to fetch metrics from external metrics API: {NOT_SERVED} (get {name}.external.metrics.k8s.io)"
        problem = f"unable to get external metric {name}: {api}"
        return "FailedGetExternalMetric", problem, f"failed to get external metric {name}: {problem}"
    name = metric[kind.lower()]["metric"]["name"]
    problem = f"unable to get metric {name}: unable to fetch metrics from custom metrics API: {CUSTOM_API}"
    return f"FailedGet{kind}Metric", problem, f"failed to get {kind.lower()} metric value: {problem}"
