"""HorizontalPodAutoscaler."""

from __future__ import annotations

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.validation.names import label_problems, path_segment_problems

SOURCES = {"Object": "object", "External": "external", "Pods": "pods", "Resource": "resource",
           "ContainerResource": "containerResource"}  # fmt: skip
TARGETS = ("Utilization", "Value", "AverageValue")
SELECTIONS = ("Disabled", "Max", "Min")
POLICIES = ("Percent", "Pods")
LONGEST_PERIOD, LONGEST_WINDOW = 1800, 3600
MISSING = "must populate information for the given metric source"


@rules_for("horizontalpodautoscalers.autoscaling")
class AutoscalerRules(Rules):
    def default(self, obj: Obj) -> None:
        spec = obj.setdefault("spec", {})
        if not spec.get("metrics"):
            target = {"type": "Utilization", "averageUtilization": 80}
            spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
        for name, rules in (spec.get("behavior") or {}).items():
            _default_rules(name, rules)

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
        _check_reference(target, "spec.scaleTargetRef", errors, core=target.get("kind") == "ReplicationController")
        metrics = spec.get("metrics") or []
        for index, metric in enumerate(metrics):
            _validate_metric(metric, f"spec.metrics[{index}]", errors)
        if least == 0 and not any(one.get("type") in ("Object", "External") for one in metrics):
            why = "must specify at least one Object or External metric to support scaling to zero replicas"
            errors.forbidden("spec.metrics", why)
        for name in ("scaleUp", "scaleDown"):
            rules = (spec.get("behavior") or {}).get(name)
            if rules is not None:
                _validate_rules(rules, f"spec.behavior.{name}", errors)


def _default_rules(name: str, rules: Obj | None) -> None:
    """A direction that was said in part has the rest of the usual."""
    if rules is None or name not in ("scaleUp", "scaleDown"):
        return
    rules.setdefault("selectPolicy", "Max")
    percent = {"type": "Percent", "value": 100, "periodSeconds": 15}
    if name == "scaleUp":
        rules.setdefault("stabilizationWindowSeconds", 0)
        rules.setdefault("policies", [{"type": "Pods", "value": 4, "periodSeconds": 15}, percent])
    else:
        rules.setdefault("policies", [percent])


def _check_reference(reference: Obj, path: str, errors: FieldErrors, *, core: bool) -> None:
    for name in ("kind", "name"):
        if not reference.get(name):
            errors.required(f"{path}.{name}")
        for why in path_segment_problems(reference.get(name) or ""):
            errors.invalid(f"{path}.{name}", reference[name], why)
    version = reference.get("apiVersion", "")
    if version.count("/") > 1:
        errors.invalid(f"{path}.apiVersion", version, f"unexpected GroupVersion string: {version}")
    elif not core and "/" not in version.strip("/"):
        errors.invalid(f"{path}.apiVersion", version, "apiVersion must specify API group")


def _validate_metric(metric: Obj, path: str, errors: FieldErrors) -> None:
    kind = metric.get("type", "")
    if not kind:
        errors.required(f"{path}.type", "must specify a metric source type")
    if kind not in SOURCES:
        errors.unsupported(f"{path}.type", kind, sorted(SOURCES))
    present = [field for field in SOURCES.values() if metric.get(field) is not None]
    for field in present[:1]:
        _validate_source(field, metric[field], f"{path}.{field}", errors)
    expected = SOURCES.get(kind)
    if expected is None:
        errors.unsupported(f"{path}.type", kind, sorted(SOURCES))
    elif metric.get(expected) is None:
        errors.required(f"{path}.{expected}", MISSING)
    if len(present) != 1:
        for field in present:
            if field != expected:
                errors.forbidden(f"{path}.{field}", "must populate the given metric source only")


def _validate_source(field: str, source: Obj, path: str, errors: FieldErrors) -> None:
    target, place = source.get("target") or {}, f"{path}.target"
    if field == "object":
        _check_reference(source.get("describedObject") or {}, f"{path}.describedObject", errors, core=True)
    if field in ("resource", "containerResource"):
        if not source.get("name"):
            errors.required(f"{path}.name", "must specify a resource name")
        if field == "containerResource":
            _check_container(source.get("container", ""), f"{path}.container", errors)
    else:
        _check_metric_name((source.get("metric") or {}).get("name", ""), f"{path}.metric.name", errors)
    _check_target(target, place, errors)
    value, average, used = (target.get(name) for name in ("value", "averageValue", "averageUtilization"))
    if field in ("resource", "containerResource"):
        if used is None and average is None:
            why = "must set either a target raw value or a target utilization"
            errors.required(f"{place}.averageUtilization", why)
        if used is not None and average is not None:
            why = "may not set both a target raw value and a target utilization"
            errors.forbidden(f"{place}.averageValue", why)
    elif field == "pods" and average is None:
        errors.required(f"{place}.averageValue", "must specify a positive target averageValue")
    elif field == "object" and value is None and average is None:
        errors.required(f"{place}.averageValue", "must set either a target value or averageValue")
    elif field == "external" and value is None and average is None:
        errors.required(f"{place}.averageValue", "must set either a target value for metric or a per-pod target")
    elif field == "external" and value is not None and average is not None:
        errors.forbidden(f"{place}.value", "may not set both a target value for metric and a per-pod target")


def _check_container(name: str, path: str, errors: FieldErrors) -> None:
    if not name:
        errors.required(path, "must specify a container")
    for why in label_problems(name) if name else ():
        errors.invalid(path, name, why)


def _check_metric_name(name: str, path: str, errors: FieldErrors) -> None:
    if not name:
        errors.required(path, "must specify a metric name")
    for why in path_segment_problems(name):
        errors.invalid(path, name, why)


def _check_target(target: Obj, path: str, errors: FieldErrors) -> None:
    kind = target.get("type", "")
    if not kind:
        errors.required(f"{path}.type", "must specify a metric target type")
    if kind not in TARGETS:
        errors.invalid(f"{path}.type", kind, "must be either Utilization, Value, or AverageValue")
    for name in ("value", "averageValue"):
        if target.get(name) is not None and parse(target[name]) <= 0:
            errors.invalid(f"{path}.{name}", target[name], "must be positive")
    used = target.get("averageUtilization")
    if used is not None and used < 1:
        errors.invalid(f"{path}.averageUtilization", used, "must be greater than 0")


def _validate_rules(rules: Obj, path: str, errors: FieldErrors) -> None:
    window, choice = rules.get("stabilizationWindowSeconds"), rules.get("selectPolicy")
    if window is not None and window < 0:
        errors.invalid(f"{path}.stabilizationWindowSeconds", window, "must be greater than or equal to zero")
    if window is not None and window > LONGEST_WINDOW:
        why = f"must be less than or equal to {LONGEST_WINDOW}"
        errors.invalid(f"{path}.stabilizationWindowSeconds", window, why)
    if choice is not None and choice not in SELECTIONS:
        errors.unsupported(f"{path}.selectPolicy", choice, SELECTIONS)
    if not rules.get("policies"):
        errors.required(f"{path}.policies", "must specify at least one Policy")
    for index, policy in enumerate(rules.get("policies") or []):
        place, period = f"{path}.policies[{index}]", policy.get("periodSeconds", 0)
        if policy.get("type", "") not in POLICIES:
            errors.unsupported(f"{place}.type", policy.get("type", ""), POLICIES)
        if policy.get("value", 0) <= 0:
            errors.invalid(f"{place}.value", policy.get("value", 0), "must be greater than zero")
        if period <= 0:
            errors.invalid(f"{place}.periodSeconds", period, "must be greater than zero")
        if period > LONGEST_PERIOD:
            errors.invalid(f"{place}.periodSeconds", period, f"must be less than or equal to {LONGEST_PERIOD}")
