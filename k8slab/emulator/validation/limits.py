"""What a namespace may be limited to: ranges of amounts, and the scopes of quotas."""

from __future__ import annotations

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse
from k8slab.emulator.validation.resources import (
    OF_CONTAINERS,
    OF_QUOTAS,
    check_container_resource,
    check_resource_name,
    may_be_overcommitted,
)

LIMITED = ("Pod", "Container", "PersistentVolumeClaim")
POD_SCOPES = ("Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity")
SCOPES = (*POD_SCOPES, "BestEffort", "VolumeAttributesClass")
OF_PODS = ("pods", *(f"{kind}{name}" for kind in ("", "requests.", "limits.") for name in OF_CONTAINERS))
WITHOUT_VALUES = ("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity")
EXISTS_ONLY = (
    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
    "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
)
OPPOSITES = ({"BestEffort", "NotBestEffort"}, {"Terminating", "NotTerminating"})


def validate_limit(limit: Obj, kind: str, place: str, errors: FieldErrors) -> None:
    keys: dict[str, None] = {}
    for field in ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio"):
        amounts = limit.get(field) or {}
        if kind == "Pod" and field.startswith("default"):
            if amounts:
                errors.forbidden(f"{place}.{field}", "may not be specified when `type` is 'Pod'")
            continue
        if field == "maxLimitRequestRatio":
            _check_claim_limit(limit, kind, place, errors)
        for name in amounts:
            _check_name(name, kind, f"{place}.{field}[{name}]", errors)
            keys[name] = None
    for name in keys:
        _compare(limit, kind, name, place, errors)
        _check_ratio(limit, name, place, errors)


def _check_claim_limit(limit: Obj, kind: str, place: str, errors: FieldErrors) -> None:
    if kind == "PersistentVolumeClaim" and not any("storage" in (limit.get(one) or {}) for one in ("min", "max")):
        why = "either minimum or maximum storage value is required, but neither was provided"
        errors.required(f"{place}.limits", why)


def _check_name(name: str, kind: str, path: str, errors: FieldErrors) -> None:
    if kind in ("Pod", "Container"):
        check_container_resource(name, path, errors)
    else:
        check_resource_name(name, path, errors)


def _compare(limit: Obj, kind: str, name: str, place: str, errors: FieldErrors) -> None:
    low, high = ((limit.get(field) or {}).get(name) for field in ("min", "max"))
    given = None if kind == "Pod" else (limit.get("default") or {}).get(name)
    asked = None if kind == "Pod" else (limit.get("defaultRequest") or {}).get(name)
    told = (  # field, the value shown, the smaller and the larger with their names
        ("min", low, low, "min", high, "max"),
        ("defaultRequest", asked, low, "min", asked, "default request"),
        ("defaultRequest", asked, asked, "default request", high, "max"),
        ("defaultRequest", asked, asked, "default request", given, "default limit"),
        ("default", low, low, "min", given, "default"),
        ("default", high, given, "default", high, "max"),
    )
    for field, shown, small, small_name, large, large_name in told:
        if small is not None and large is not None and parse(small) > parse(large):
            why = f"{small_name} value {small} is greater than {large_name} value {large}"
            errors.invalid(f"{place}.{field}[{name}]", shown, why)
    if given is not None and asked is not None and not may_be_overcommitted(name) and parse(given) != parse(asked):
        why = f"default value {given} must equal to defaultRequest value {asked} in {name}"
        errors.invalid(f"{place}.defaultRequest[{name}]", asked, why)


def _check_ratio(limit: Obj, name: str, place: str, errors: FieldErrors) -> None:
    ratio = (limit.get("maxLimitRequestRatio") or {}).get(name)
    if ratio is None:
        return
    path = f"{place}.maxLimitRequestRatio[{name}]"
    if parse(ratio) < 1:
        errors.invalid(path, ratio, f"ratio {ratio} is less than 1")
    low, high = ((limit.get(field) or {}).get(name) for field in ("min", "max"))
    if low is not None and high is not None and parse(low) > 0 and parse(ratio) > parse(high) / parse(low):
        errors.invalid(path, ratio, f"ratio {ratio} is greater than max/min = {float(parse(high) / parse(low)):f}")


def validate_scopes(spec: Obj, errors: FieldErrors) -> None:
    scopes, counted = spec.get("scopes") or [], sorted(one for one in spec.get("hard") or {} if one in OF_QUOTAS)
    for scope in scopes:
        if scope not in SCOPES:
            errors.invalid("spec.scopes", scopes, "unsupported scope")
        for name in counted:
            if not _fits(scope, name):
                errors.invalid("spec.scopes", scopes, "unsupported scope applied to resource")
    if any(pair <= set(scopes) for pair in OPPOSITES):
        errors.invalid("spec.scopes", scopes, "conflicting scopes")
    if spec.get("scopeSelector") is not None:
        _validate_selector(spec, counted, errors)


def _fits(scope: str, name: str) -> bool:
    """Whether a scope says anything about what is counted."""
    if scope == "BestEffort":
        return name == "pods"
    return name in OF_PODS if scope in POD_SCOPES else True


def _validate_selector(spec: Obj, counted: list[str], errors: FieldErrors) -> None:
    path, chosen = "spec.scopeSelector.matchExpressions", spec["scopeSelector"].get("matchExpressions") or []
    for one in chosen:
        scope, operator, values = one.get("scopeName", ""), one.get("operator", ""), one.get("values") or []
        if scope not in SCOPES:
            errors.invalid(f"{path}.scopeName", scope, "unsupported scope")
        for name in counted:
            if not _fits(scope, name):
                errors.invalid(path, spec["scopeSelector"], "unsupported scope applied to resource")
        if scope in WITHOUT_VALUES and operator != "Exists":
            errors.invalid(f"{path}.operator", operator, EXISTS_ONLY)
        if operator in ("In", "NotIn"):
            if not values:
                why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
                errors.required(f"{path}.values", why)
        elif operator in ("Exists", "DoesNotExist"):
            if values:
                why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
                errors.invalid(f"{path}.values", values, why)
        else:
            errors.invalid(f"{path}.operator", operator, "not a valid selector operator")
    if any(pair <= {one.get("scopeName") for one in chosen} for pair in OPPOSITES):
        errors.invalid(path, spec.get("scopes"), "conflicting scopes")
