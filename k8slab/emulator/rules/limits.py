"""ResourceQuota, LimitRange, PriorityClass, PodDisruptionBudget, HorizontalPodAutoscaler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.validation.selectors import check_amount

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

COUNTED = ("pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps",
    "persistentvolumeclaims",
           "services.nodeports", "services.loadbalancers")  # fmt: skip
COMPUTE = ("cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage",
    "limits.cpu",
           "limits.memory", "limits.ephemeral-storage", "requests.storage")  # fmt: skip
SYSTEM_CLASSES = ("system-cluster-critical", "system-node-critical")


def _is_quota_resource(name: str) -> bool:
    return (
        name in COUNTED
        or name in COMPUTE
        or "/" in name
        or ".storageclass.storage.k8s.io/" in name
        or "hugepages-" in name
    )


@rules_for("resourcequotas")
class QuotaRules(Rules):
    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        obj["status"] = {}

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        for name, amount in ((obj.get("spec") or {}).get("hard") or {}).items():
            place = f"spec.hard[{name}]"
            if not _is_quota_resource(name):
                errors.invalid(place, name, "must be a standard resource type or fully qualified")
                errors.invalid(place, name, "must be a standard resource for quota")
            if parse(amount) < 0:
                errors.invalid(place, amount, "must be greater than or equal to 0")

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        if (obj["spec"].get("scopes") or []) != (old["spec"].get("scopes") or []):
            errors.invalid("spec.scopes", obj["spec"].get("scopes"), "field is immutable")


@rules_for("limitranges")
class LimitRangeRules(Rules):
    status_is_apart = False

    def default(self, obj: Obj) -> None:
        for limit in (obj.get("spec") or {}).get("limits") or []:
            if limit.get("type") != "Container":
                continue
            for name, amount in (limit.get("max") or {}).items():
                limit.setdefault("default", {}).setdefault(name, amount)
            for name, amount in (limit.get("default") or {}).items():
                limit.setdefault("defaultRequest", {}).setdefault(name, amount)
            for name, amount in (limit.get("min") or {}).items():
                limit.setdefault("defaultRequest", {}).setdefault(name, amount)

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        for index, limit in enumerate((obj.get("spec") or {}).get("limits") or []):
            if not limit.get("type"):
                errors.required(f"spec.limits[{index}].type")
            _validate_limit(limit, f"spec.limits[{index}]", errors)


def _validate_limit(limit: Obj, place: str, errors: FieldErrors) -> None:
    least, most = limit.get("min") or {}, limit.get("max") or {}
    names = dict.fromkeys([*least, *most, *(limit.get("default") or {}), *(limit.get("defaultRequest") or {})])
    for name in names:
        low, high = least.get(name), most.get(name)
        asked, given = (limit.get("defaultRequest") or {}).get(name), (limit.get("default") or {}).get(name)
        pairs = (
            ("min", low, "min", high, "max"),
            ("defaultRequest", low, "min", asked, "default request"),
            ("defaultRequest", asked, "default request", high, "max"),
            ("defaultRequest", asked, "default request", given, "default limit"),
            ("default", low, "min", given, "default"),
            ("default", given, "default", high, "max"),
        )
        for field, small, small_name, big, big_name in pairs:
            if small is not None and big is not None and parse(small) > parse(big):
                value = small if small_name in ("min", "default request") and field != "defaultRequest" else big
                value = low if field == "default" and small_name == "min" else value
                why = f"{small_name} value {small} is greater than {big_name} value {big}"
                errors.invalid(f"{place}.{field}[{name}]", value, why)


@rules_for("priorityclasses.scheduling.k8s.io")
class PriorityClassRules(Rules):
    has_generation = True
    status_is_apart = False

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        name = obj["metadata"].get("name", "")
        if name.startswith("system-") and name not in SYSTEM_CLASSES:
            why = (
                f"priority class names with 'system-' prefix are reserved for system use only. error: "
                f"{name} is not a known system priority class"
            )
            errors.forbidden("metadata.name", why)
        elif name not in SYSTEM_CLASSES and obj.get("value", 0) > 1_000_000_000:
            errors.forbidden("value", "maximum allowed value of a user defined priority is 1000000000")

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        if obj.get("value") != old.get("value"):
            errors.forbidden("value", "may not be changed in an update.")


@rules_for("poddisruptionbudgets.policy")
class BudgetRules(Rules):
    has_generation = True

    def default(self, obj: Obj) -> None:
        obj.setdefault("spec", {})

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj.get("spec") or {}
        if "minAvailable" in spec and "maxUnavailable" in spec:
            shown = {
                "MinAvailable": spec["minAvailable"],
                "Selector": spec.get("selector"),
                "MaxUnavailable": spec["maxUnavailable"],
                "UnhealthyPodEvictionPolicy": spec.get("unhealthyPodEvictionPolicy"),
            }
            errors.invalid_in_order("spec", shown, "minAvailable and maxUnavailable cannot be both set")
        for name in ("minAvailable", "maxUnavailable"):
            check_amount(spec.get(name), f"spec.{name}", errors, at_most_all=True)


@rules_for("horizontalpodautoscalers.autoscaling")
class AutoscalerRules(Rules):
    def default(self, obj: Obj) -> None:
        spec = obj.setdefault("spec", {})
        if not spec.get("metrics"):
            target = {"type": "Utilization", "averageUtilization": 80}
            spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj["spec"]
        least, most = spec.get("minReplicas", 1), spec.get("maxReplicas", 0)
        if least < 1:
            errors.invalid("spec.minReplicas", least, "must be greater than or equal to 1")
        if most < 1:
            errors.invalid("spec.maxReplicas", most, "must be greater than 0")
        if most < least:
            errors.invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")
        target = spec.get("scaleTargetRef") or {}
        for name in ("kind", "name"):
            if not target.get(name):
                errors.required(f"spec.scaleTargetRef.{name}")
        if "/" not in target.get("apiVersion", "") and target.get("kind") != "ReplicationController":
            errors.invalid(
                "spec.scaleTargetRef.apiVersion", target.get("apiVersion", ""), "apiVersion must specify API group"
            )
        for index, metric in enumerate(spec.get("metrics") or []):
            kind = metric.get("type", "")
            field = kind[:1].lower() + kind[1:]
            if field and field not in metric:
                errors.required(
                    f"spec.metrics[{index}].{field}", "must populate information for the given metric source"
                )
