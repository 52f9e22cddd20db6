"""ResourceQuota, LimitRange, PriorityClass, PodDisruptionBudget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.godiff import as_go_json
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.validation.limits import LIMITED, validate_limit, validate_scopes
from k8slab.emulator.validation.names import qualified_problems
from k8slab.emulator.validation.pod import PREEMPTION_POLICIES
from k8slab.emulator.validation.resources import check_amount_of, check_quota_resource
from k8slab.emulator.validation.selectors import check_amount, check_not_above_all, validate_selector

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

LARGEST_PRIORITY = 1_000_000_000
UNHEALTHY = ("AlwaysAllow", "IfHealthyBudget")
SYSTEM_CLASSES = ("system-cluster-critical", "system-node-critical")


@rules_for("resourcequotas")
class QuotaRules(Rules):
    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        obj["status"] = {}

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj.get("spec") or {}
        for name, amount in (spec.get("hard") or {}).items():
            place = f"spec.hard[{name}]"
            check_quota_resource(name, place, errors)
            check_amount_of(name, amount, place, errors)
        validate_scopes(spec, errors)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        new, known = ((one.get("spec") or {}).get("scopes") for one in (obj, old))
        if set(new or ()) != set(known or ()):
            errors.invalid("spec.scopes", new, "field is immutable")


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
        seen: set[str] = set()
        for index, limit in enumerate((obj.get("spec") or {}).get("limits") or []):
            place, kind = f"spec.limits[{index}]", limit.get("type", "")
            problems = qualified_problems(kind)
            for why in problems:
                errors.invalid(f"{place}.type", kind, why)
            if not problems and "/" not in kind and kind not in LIMITED:
                errors.invalid(f"{place}.type", kind, "must be a standard limit type or fully qualified")
            if kind in seen:
                errors.duplicate(f"{place}.type", kind)
            seen.add(kind)
            validate_limit(limit, kind, place, errors)


@rules_for("priorityclasses.scheduling.k8s.io")
class PriorityClassRules(Rules):
    has_generation = True
    status_is_apart = False

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        name, policy = obj["metadata"].get("name", ""), obj.get("preemptionPolicy", "PreemptLowerPriority")
        if name.startswith("system-") and name not in SYSTEM_CLASSES:
            why = (
                f"priority class names with 'system-' prefix are reserved for system use only. error: "
                f"{name} is not a known system priority class"
            )
            errors.forbidden("metadata.name", why)
        elif name not in SYSTEM_CLASSES and obj.get("value", 0) > LARGEST_PRIORITY:
            why = f"maximum allowed value of a user defined priority is {LARGEST_PRIORITY}"
            errors.forbidden("value", why)
        if policy not in PREEMPTION_POLICIES:
            errors.unsupported("preemptionPolicy", policy, PREEMPTION_POLICIES)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        if obj.get("value", 0) != old.get("value", 0):
            errors.forbidden("value", "may not be changed in an update.")
        if obj.get("preemptionPolicy") != old.get("preemptionPolicy"):
            errors.invalid("preemptionPolicy", obj.get("preemptionPolicy"), "field is immutable")


@rules_for("poddisruptionbudgets.policy")
class BudgetRules(Rules):
    has_generation = True

    def default(self, obj: Obj) -> None:
        obj.setdefault("spec", {})

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj.get("spec") or {}
        if "minAvailable" in spec and "maxUnavailable" in spec:
            shown = as_go_json("PodDisruptionBudgetSpec", spec)
            errors.invalid("spec", shown, "minAvailable and maxUnavailable cannot be both set")
        for name in ("minAvailable", "maxUnavailable"):
            check_amount(spec.get(name), f"spec.{name}", errors)
            check_not_above_all(spec.get(name), f"spec.{name}", errors)
        validate_selector(spec.get("selector") or {}, "spec.selector", errors)
        policy = spec.get("unhealthyPodEvictionPolicy")
        if policy is not None and policy not in UNHEALTHY:
            errors.unsupported("spec.unhealthyPodEvictionPolicy", policy, UNHEALTHY)
