"""ValidatingAdmissionPolicy: the cluster's own rules, in CEL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from k8slab.emulator.admission.chain import Attributes, validating
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.expressions import ExpressionError, evaluate
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource
from k8slab.emulator.selectors import matches_selector
from k8slab.emulator.status import ApiError, Cause, forbidden

API = "admissionregistration.k8s.io"
POLICIES, BINDINGS = f"validatingadmissionpolicies.{API}", f"validatingadmissionpolicybindings.{API}"
CODES = {"Unauthorized": 401, "Forbidden": 403, "Invalid": 422, "RequestEntityTooLarge": 413}


@validating(80)
def check_policies(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    bindings = cluster.store.list(BINDINGS)
    if not bindings or attributes.kind.group == API:
        return
    for binding in bindings:
        spec = binding["spec"]
        policy = cluster.store.find(POLICIES, "", spec.get("policyName", ""))
        if policy is None or not _concerns(cluster, policy, binding, attributes):
            continue
        for params in _params(cluster, policy, binding, attributes):
            _judge(cluster, call, attributes, policy, binding, params)


def _concerns(cluster: Cluster, policy: Obj, binding: Obj, attributes: Attributes) -> bool:
    constraints = policy["spec"].get("matchConstraints") or {}
    narrower = binding["spec"].get("matchResources") or {}
    if not any(_rule_matches(rule, attributes) for rule in constraints.get("resourceRules") or []):
        return False
    if any(_rule_matches(rule, attributes) for rule in constraints.get("excludeResourceRules") or []):
        return False
    rules = narrower.get("resourceRules")
    if rules and not any(_rule_matches(rule, attributes) for rule in rules):
        return False
    return all(_selected(cluster, one, attributes) for one in (constraints, narrower))


def _rule_matches(rule: Obj, attributes: Attributes) -> bool:
    kind = attributes.kind
    resource = f"{kind.plural}/{attributes.subresource}" if attributes.subresource else kind.plural
    names = rule.get("resourceNames")
    scope = rule.get("scope", "*")
    return (
        _in(rule.get("operations"), attributes.operation)
        and _in(rule.get("apiGroups"), kind.group)
        and _in(rule.get("apiVersions"), kind.version)
        and _has_resource(rule.get("resources") or [], resource, kind)
        and (not names or attributes.name in names)
        and scope in ("*", "Namespaced" if kind.namespaced else "Cluster")
    )


def _in(values: list[str] | None, wanted: str) -> bool:
    return values is not None and ("*" in values or wanted in values)


def _has_resource(patterns: list[str], resource: str, kind: Resource) -> bool:
    plain = "/" not in resource
    subresource = resource.partition("/")[2]
    candidates = {
        resource,
        "*/*",
        f"{kind.plural}/*" if not plain else resource,
        f"*/{subresource}" if not plain else "*",
    }
    return any(pattern in candidates for pattern in patterns)


def _selected(cluster: Cluster, match: Obj, attributes: Attributes) -> bool:
    by_object = match.get("objectSelector")
    if by_object and not any(
        matches_selector(by_object, (obj.get("metadata") or {}).get("labels") or {})
        for obj in (attributes.obj, attributes.old)
        if obj is not None
    ):
        return False
    by_namespace = match.get("namespaceSelector")
    if not by_namespace:
        return True
    labels = _namespace_labels(cluster, attributes)
    return labels is None or matches_selector(by_namespace, labels)


def _namespace_labels(cluster: Cluster, attributes: Attributes) -> Obj | None:
    """None for what is in no namespace: that is never left out by a namespace selector."""
    if attributes.kind.key == "namespaces":
        return (attributes.obj.get("metadata") or {}).get("labels") or {}
    if not attributes.namespace:
        return None
    namespace = cluster.store.find("namespaces", "", attributes.namespace) or {}
    return (namespace.get("metadata") or {}).get("labels") or {}


def _params(cluster: Cluster, policy: Obj, binding: Obj, attributes: Attributes) -> Iterator[Obj | None]:
    wanted, reference = policy["spec"].get("paramKind"), binding["spec"].get("paramRef")
    if not wanted or not reference:
        yield None
        return
    kind = cluster.resources.of_kind(wanted.get("apiVersion", ""), wanted.get("kind", ""))
    if kind is None:
        return
    space = reference.get("namespace") or attributes.namespace if kind.namespaced else ""
    if reference.get("name"):
        found = cluster.store.find(kind.key, space, reference["name"])
        chosen = [found] if found else []
    else:
        selector = reference.get("selector") or {}
        listed = cluster.store.list(kind.key, space or None)
        chosen = [one for one in listed if matches_selector(selector, one["metadata"].get("labels") or {})]
    if not chosen and reference.get("parameterNotFoundAction") != "Allow":
        why = "no params found for policy binding with `Deny` parameterNotFoundAction"
        raise _refusal(attributes, policy, binding, why, "Invalid")
    yield from chosen


def _judge(cluster: Cluster, call: Call, attributes: Attributes, policy: Obj, binding: Obj, params: Obj | None) -> None:
    spec = policy["spec"]
    values = _values(cluster, call, attributes, params)
    ignores = spec.get("failurePolicy") == "Ignore"
    try:
        if not all(evaluate(one["expression"], values) is True for one in spec.get("matchConditions") or []):
            return
        for variable in spec.get("variables") or []:
            values["variables"][variable["name"]] = evaluate(variable["expression"], values)
    except ExpressionError as error:
        if not ignores:
            raise _refusal(attributes, policy, binding, str(error), "Invalid") from error
        return
    for validation in spec.get("validations") or []:
        why = _problem(validation, values, ignores)
        if why is not None:
            _act(call, attributes, policy, binding, why, validation.get("reason") or "Invalid")


def _values(cluster: Cluster, call: Call, attributes: Attributes, params: Obj | None) -> dict[str, Any]:
    kind = attributes.kind
    gone = attributes.operation == "DELETE"
    namespace = cluster.store.find("namespaces", "", attributes.namespace) if attributes.namespace else None
    identity = {"group": kind.group, "version": kind.version}
    request = {
        "kind": {**identity, "kind": kind.kind},
        "resource": {**identity, "resource": kind.plural},
        "subResource": attributes.subresource,
        "name": attributes.name,
        "namespace": attributes.namespace,
        "operation": attributes.operation,
        "userInfo": {"username": call.user.name, "groups": list(call.user.groups), "uid": call.user.uid},
        "dryRun": call.dry_run,
    }
    return {
        "object": None if gone else {"kind": kind.kind, "apiVersion": kind.api_version, **attributes.obj},
        "oldObject": attributes.old,
        "request": request,
        "params": params,
        "namespaceObject": namespace,
        "variables": {},
        "authorizer": None,
    }


def _problem(validation: Obj, values: dict[str, Any], ignores: bool) -> str | None:
    """Why it is refused; None where it passes."""
    text = validation["expression"]
    try:
        if evaluate(text, values) is True:
            return None
    except ExpressionError as error:
        return None if ignores else f"expression '{text}' resulted in error: {error}"
    if validation.get("messageExpression"):
        try:
            told = evaluate(validation["messageExpression"], values)
        except ExpressionError:
            told = None
        if isinstance(told, str) and told.strip():
            return told
    return str(validation.get("message") or f"failed expression: {text}")


def _act(call: Call, attributes: Attributes, policy: Obj, binding: Obj, why: str, reason: str) -> None:
    actions = binding["spec"].get("validationActions") or ["Deny"]
    name, bound = policy["metadata"]["name"], binding["metadata"]["name"]
    if "Warn" in actions:
        call.warn(f"Validation failed for ValidatingAdmissionPolicy '{name}' with binding '{bound}': {why}")
    if "Deny" in actions:
        raise _refusal(attributes, policy, binding, why, reason)


def _refusal(attributes: Attributes, policy: Obj, binding: Obj, why: str, reason: str) -> ApiError:
    name, bound = policy["metadata"]["name"], binding["metadata"]["name"]
    text = f"ValidatingAdmissionPolicy '{name}' with binding '{bound}' denied request: {why}"
    kind = attributes.kind
    error = forbidden(kind.plural, kind.group, attributes.name, text)
    return ApiError(CODES.get(reason, 422), reason, error.message, error.details, (Cause("", text, ""),))
