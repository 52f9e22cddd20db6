"""What a pod asks of its node and its neighbours: affinity, tolerations, even spreading."""

from __future__ import annotations

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.validation.names import (
    label_problems,
    label_value_problems,
    qualified_problems,
    subdomain_problems,
)
from k8slab.emulator.validation.selectors import validate_selector

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
ACTIONS = ("DoNotSchedule", "ScheduleAnyway")
INCLUSIONS = ("Honor", "Ignore")
NOT_AN_OPERATOR = "not a valid selector operator"
KEY_EMPTY = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
TWICE = "exists in both matchLabelKeys and labelSelector"
NO_SELECTOR = "must not be specified when labelSelector is not set"


def validate_affinity(affinity: Obj, path: str, errors: FieldErrors) -> None:
    node = affinity.get("nodeAffinity") or {}
    if node.get(REQUIRED) is not None:
        validate_node_selector(node[REQUIRED], f"{path}.nodeAffinity.{REQUIRED}", errors)
    for index, term in enumerate(node.get(PREFERRED) or []):
        place = f"{path}.nodeAffinity.{PREFERRED}[{index}]"
        _check_weight(term, place, errors)
        _validate_node_term(term.get("preference") or {}, f"{place}.preference", errors, any_value=True)
    for kind in ("podAffinity", "podAntiAffinity"):
        for index, term in enumerate((affinity.get(kind) or {}).get(REQUIRED) or []):
            _validate_pod_term(term, f"{path}.{kind}.{REQUIRED}[{index}]", errors)
        for index, weighted in enumerate((affinity.get(kind) or {}).get(PREFERRED) or []):
            place = f"{path}.{kind}.{PREFERRED}[{index}]"
            _check_weight(weighted, place, errors)
            _validate_pod_term(weighted.get("podAffinityTerm") or {}, f"{place}.podAffinityTerm", errors)


def _check_weight(term: Obj, place: str, errors: FieldErrors) -> None:
    if not 1 <= term.get("weight", 0) <= 100:
        errors.invalid(f"{place}.weight", term.get("weight", 0), "must be in the range 1-100")


def validate_node_selector(selector: Obj, path: str, errors: FieldErrors) -> None:
    terms = selector.get("nodeSelectorTerms") or []
    if not terms:
        errors.required(f"{path}.nodeSelectorTerms", "must have at least one node selector term")
    for index, term in enumerate(terms):
        _validate_node_term(term, f"{path}.nodeSelectorTerms[{index}]", errors)


def _validate_node_term(term: Obj, path: str, errors: FieldErrors, *, any_value: bool = False) -> None:
    for index, one in enumerate(term.get("matchExpressions") or []):
        place = f"{path}.matchExpressions[{index}]"
        _check_operator(one, place, errors)
        for why in qualified_problems(one.get("key", "")):
            errors.invalid(f"{place}.key", one.get("key", ""), why)
        for number, value in enumerate([] if any_value else one.get("values") or []):
            for why in label_value_problems(value):
                errors.invalid(f"{place}.values[{number}]", value, why)
    for index, one in enumerate(term.get("matchFields") or []):
        _check_field(one, f"{path}.matchFields[{index}]", errors)


def _check_operator(one: Obj, place: str, errors: FieldErrors) -> None:
    operator, values = one.get("operator", ""), one.get("values") or []
    if operator in ("In", "NotIn"):
        if not values:
            errors.required(f"{place}.values", "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            errors.forbidden(f"{place}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
    elif operator in ("Gt", "Lt"):
        if len(values) != 1:
            errors.required(f"{place}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'")
    else:
        errors.invalid(f"{place}.operator", operator, NOT_AN_OPERATOR)


def _check_field(one: Obj, place: str, errors: FieldErrors) -> None:
    operator, values, key = one.get("operator", ""), one.get("values") or [], one.get("key", "")
    if operator not in ("In", "NotIn"):
        errors.invalid(f"{place}.operator", operator, NOT_AN_OPERATOR)
    elif len(values) != 1:
        why = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
        errors.required(f"{place}.values", why)
    if key != "metadata.name":
        errors.invalid(f"{place}.key", key, "not a valid field selector key")
        return
    for number, value in enumerate(values):
        for why in subdomain_problems(value):
            errors.invalid(f"{place}.values[{number}]", value, why)


def _validate_pod_term(term: Obj, place: str, errors: FieldErrors) -> None:
    validate_selector(term.get("labelSelector") or {}, f"{place}.labelSelector", errors)
    validate_selector(term.get("namespaceSelector") or {}, f"{place}.namespaceSelector", errors)
    for name in term.get("namespaces") or []:
        for why in label_problems(name):
            errors.invalid(f"{place}.namespace", name, why)
    _check_label_keys(term, place, errors)
    key = term.get("topologyKey", "")
    if not key:
        errors.required(f"{place}.topologyKey", "can not be empty")
    for why in qualified_problems(key):
        errors.invalid(f"{place}.topologyKey", key, why)


def _check_label_keys(term: Obj, place: str, errors: FieldErrors) -> None:
    for field in ("matchLabelKeys", "mismatchLabelKeys"):
        keys = term.get(field) or []
        if keys and term.get("labelSelector") is None:
            errors.forbidden(f"{place}.{field}", NO_SELECTOR)
            continue
        for index, key in enumerate(keys):
            for why in qualified_problems(key):
                errors.invalid(f"{place}.{field}[{index}]", key, why)
    for index, key in enumerate(term.get("matchLabelKeys") or []):
        if key in (term.get("mismatchLabelKeys") or []):
            why = "exists in both matchLabelKeys and mismatchLabelKeys"
            errors.invalid(f"{place}.matchLabelKeys[{index}]", key, why)


def validate_tolerations(tolerations: list[Obj], path: str, errors: FieldErrors) -> None:
    for index, one in enumerate(tolerations):
        place, operator, value = f"{path}[{index}]", one.get("operator", ""), one.get("value", "")
        if one.get("key"):
            for why in qualified_problems(one["key"]):
                errors.invalid(f"{place}.key", one["key"], why)
        elif operator != "Exists":
            errors.invalid(f"{place}.operator", operator, KEY_EMPTY)
        if one.get("tolerationSeconds") is not None and one.get("effect") != "NoExecute":
            why = "effect must be 'NoExecute' when `tolerationSeconds` is set"
            errors.invalid(f"{place}.effect", one.get("effect", ""), why)
        if operator in ("", "Equal"):
            if problems := label_value_problems(value):
                errors.invalid(f"{place}.operator", value, ";".join(problems))
        elif operator == "Exists":
            if value:
                errors.invalid(f"{place}.operator", value, "value must be empty when `operator` is 'Exists'")
        else:
            errors.unsupported(f"{place}.operator", operator, ("Equal", "Exists"))
        if one.get("effect") and one["effect"] not in EFFECTS:
            errors.unsupported(f"{place}.effect", one["effect"], EFFECTS)


def validate_spread(constraints: list[Obj], path: str, errors: FieldErrors) -> None:
    for index, one in enumerate(constraints):
        place, key, action = f"{path}[{index}]", one.get("topologyKey", ""), one.get("whenUnsatisfiable", "")
        if one.get("maxSkew", 0) <= 0:
            errors.invalid(f"{place}.maxSkew", one.get("maxSkew", 0), "must be greater than zero")
        if not key:
            errors.required(f"{place}.topologyKey", "can not be empty")
        if action not in ACTIONS:
            errors.unsupported(f"{place}.whenUnsatisfiable", action, ACTIONS)
        if any(key == other.get("topologyKey", "") and action == other.get("whenUnsatisfiable", "")
               for other in constraints[index + 1 :]):  # fmt: skip
            errors.duplicate(f"{place}.{{topologyKey, whenUnsatisfiable}}", f"{{{key}, {action}}}")
        _check_domains(one.get("minDomains"), action, f"{place}.minDomains", errors)
        for field in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            if one.get(field) is not None and one[field] not in INCLUSIONS:
                errors.unsupported(f"{place}.{field}", one[field], INCLUSIONS)
        _check_spread_keys(one, place, errors)
        validate_selector(one.get("labelSelector") or {}, f"{place}.labelSelector", errors)


def _check_domains(least: int | None, action: str, path: str, errors: FieldErrors) -> None:
    if least is None:
        return
    if least <= 0:
        errors.invalid(path, least, "must be greater than zero")
    if action != "DoNotSchedule":
        why = f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"
        errors.invalid(path, least, why)


def _check_spread_keys(one: Obj, place: str, errors: FieldErrors) -> None:
    keys, selector = one.get("matchLabelKeys") or [], one.get("labelSelector")
    if keys and selector is None:
        errors.forbidden(f"{place}.matchLabelKeys", NO_SELECTOR)
    chosen = {*((selector or {}).get("matchLabels") or {})}
    chosen |= {term.get("key", "") for term in (selector or {}).get("matchExpressions") or []}
    for index, key in enumerate(keys):
        for why in qualified_problems(key):
            errors.invalid(f"{place}.matchLabelKeys[{index}]", key, why)
        if key in chosen:
            errors.invalid(f"{place}.matchLabelKeys[{index}]", key, TWICE)
