"""Nodes, and leases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.godiff import as_go_json
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.validation.addresses import check_cidr
from k8slab.emulator.validation.names import label_value_problems, qualified_problems
from k8slab.emulator.validation.placement import EFFECTS
from k8slab.emulator.validation.resources import check_amount_of
from k8slab.emulator.validation.selectors import check_not_negative

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

ONCE = {
    "podCIDRs": 'node updates may not change podCIDR except from "" to valid',
    "providerID": 'node updates may not change providerID except from "" to valid',
}


@rules_for("nodes")
class NodeRules(Rules):
    status_is_apart = True

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        taints = obj.setdefault("spec", {}).setdefault("taints", [])
        if not any(one.get("key") == "node.kubernetes.io/not-ready" for one in taints):
            taints.append({"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"})

    def default(self, obj: Obj) -> None:
        spec = obj.get("spec") or {}
        if spec.get("podCIDR") and not spec.get("podCIDRs"):
            spec["podCIDRs"] = [spec["podCIDR"]]

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec, status = obj.get("spec") or {}, obj.get("status") or {}
        _check_taints(spec.get("taints") or [], "metadata.taints", errors)
        for kind in ("capacity", "allocatable"):
            for name, amount in (status.get(kind) or {}).items():
                check_amount_of(name, amount, f"status.{kind}.{name}", errors)
        for index, block in enumerate(spec.get("podCIDRs") or []):
            check_cidr(block, f"spec.podCIDRs[{index}]", errors)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        new, known = obj.get("spec") or {}, old.get("spec") or {}
        for name, why in ONCE.items():
            if known.get(name) and new.get(name) != known[name]:
                errors.forbidden(f"spec.{name}", why)
        _check_taints(new.get("taints") or [], "metadata.taints", errors)  # the real server says it twice too


def _check_taints(taints: list[Obj], path: str, errors: FieldErrors) -> None:
    seen: set[tuple[str, str]] = set()
    for index, taint in enumerate(taints):
        place, key, effect = f"{path}[{index}]", taint.get("key", ""), taint.get("effect", "")
        for why in qualified_problems(key):
            errors.invalid(f"{place}.key", key, why)
        if problems := label_value_problems(taint.get("value", "")):
            errors.invalid(f"{place}.value", taint["value"], ";".join(problems))
        if not effect:
            errors.required(f"{place}.effect")
        elif effect not in EFFECTS:
            errors.unsupported(f"{place}.effect", effect, EFFECTS)
        if (key, effect) in seen:
            errors.duplicate(place, as_go_json("Taint", taint), "taints must be unique by key and effect pair")
        seen.add((key, effect))


@rules_for("leases.coordination.k8s.io")
class LeaseRules(Rules):
    status_is_apart = False

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj.get("spec") or {}
        seconds = spec.get("leaseDurationSeconds")
        if seconds is not None and seconds <= 0:
            errors.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0")
        check_not_negative(spec, "spec", errors, "leaseTransitions")
