"""RBAC objects: validation, aggregation, and no right given that the giver does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.selectors import matches_selector
from k8slab.emulator.validation.names import path_segment_problems, subdomain_problems
from k8slab.emulator.validation.selectors import validate_selector

if TYPE_CHECKING:
    from k8slab.emulator.cluster import Cluster

API = "rbac.authorization.k8s.io"
CLUSTER_ROLES = f"clusterroles.{API}"


def _validate_rules(rules: list[Obj], errors: FieldErrors, *, namespaced: bool) -> None:
    for index, rule in enumerate(rules):
        place = f"rules[{index}]"
        if not rule.get("verbs"):
            errors.required(f"{place}.verbs", "verbs must contain at least one value")
        if rule.get("nonResourceURLs"):
            if namespaced:
                errors.invalid(
                    f"{place}.nonResourceURLs",
                    rule["nonResourceURLs"],
                    "namespaced rules cannot apply to non-resource URLs",
                )
            if rule.get("apiGroups") or rule.get("resources"):
                errors.invalid(
                    f"{place}.nonResourceURLs",
                    rule["nonResourceURLs"],
                    "rules cannot apply to both regular resources and non-resource URLs",
                )
            continue
        if not rule.get("apiGroups"):
            errors.required(f"{place}.apiGroups", "resource rules must supply at least one api group")
        if not rule.get("resources"):
            errors.required(f"{place}.resources", "resource rules must supply at least one resource")


@rules_for(f"roles.{API}")
class RoleRules(Rules):
    status_is_apart = False

    def default(self, obj: Obj) -> None:
        obj.setdefault("rules", None)

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        _validate_rules(obj.get("rules") or [], errors, namespaced=True)


@rules_for(CLUSTER_ROLES)
class ClusterRoleRules(Rules):
    status_is_apart = False

    def default(self, obj: Obj) -> None:
        obj.setdefault("rules", None)

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        _validate_rules(obj.get("rules") or [], errors, namespaced=False)
        aggregation = obj.get("aggregationRule")
        if aggregation is not None:
            chosen = aggregation.get("clusterRoleSelectors") or []
            path = "aggregationRule.clusterRoleSelectors"
            if not chosen:
                errors.required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil")
            for index, selector in enumerate(chosen):
                validate_selector(selector, f"{path}[{index}]", errors)

    def created(self, cluster: Cluster, obj: Obj) -> None:
        aggregate(cluster)


def aggregate(cluster: Cluster) -> None:
    """Fills the roles that are made of others."""
    roles = cluster.store.list(CLUSTER_ROLES)
    for role in roles:
        selectors = (role.get("aggregationRule") or {}).get("clusterRoleSelectors")
        if not selectors:
            continue
        rules: list[Obj] = []
        for other in roles:
            labels = other["metadata"].get("labels") or {}
            if other is not role and any(matches_selector(one, labels) for one in selectors):
                rules += [rule for rule in other.get("rules") or [] if rule not in rules]
        if rules and rules != role.get("rules"):
            cluster.store.put(CLUSTER_ROLES, {**role, "metadata": dict(role["metadata"]), "rules": rules})


@rules_for(f"rolebindings.{API}", f"clusterrolebindings.{API}")
class BindingRules(Rules):
    status_is_apart = False

    def default(self, obj: Obj) -> None:
        reference = obj.setdefault("roleRef", {})
        if not reference.get("apiGroup"):
            reference["apiGroup"] = API
        for subject in obj.get("subjects") or []:
            if subject.get("kind") in ("User", "Group") and not subject.get("apiGroup"):
                subject["apiGroup"] = API
            if subject.get("kind") == "ServiceAccount" and subject.get("apiGroup") == "":
                del subject["apiGroup"]

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        namespaced = "namespace" in obj["metadata"]
        reference = obj["roleRef"]
        allowed = ("Role", "ClusterRole") if namespaced else ("ClusterRole",)
        if reference.get("apiGroup") != API:
            errors.unsupported("roleRef.apiGroup", reference.get("apiGroup"), (API,))
        if reference.get("kind") not in allowed:
            errors.unsupported("roleRef.kind", reference.get("kind", ""), allowed)
        if not reference.get("name"):
            errors.required("roleRef.name")
        for why in path_segment_problems(reference.get("name") or ""):
            errors.invalid("roleRef.name", reference["name"], why)
        for index, subject in enumerate(obj.get("subjects") or []):
            _validate_subject(subject, f"subjects[{index}]", errors, namespaced=namespaced)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        new = obj["roleRef"]
        if new != old["roleRef"]:
            shown = {"APIGroup": new.get("apiGroup", ""), "Kind": new.get("kind", ""), "Name": new.get("name", "")}
            errors.invalid("roleRef", shown, "cannot change roleRef")


def _validate_subject(subject: Obj, place: str, errors: FieldErrors, *, namespaced: bool) -> None:
    if not subject.get("name"):
        errors.required(f"{place}.name")
    kind, group = subject.get("kind", ""), subject.get("apiGroup", "")
    if kind == "ServiceAccount":
        for why in subdomain_problems(subject["name"]) if subject.get("name") else ():
            errors.invalid(f"{place}.name", subject["name"], why)
        if group:
            errors.unsupported(f"{place}.apiGroup", group, ("",))
        if not subject.get("namespace") and not namespaced:
            errors.required(f"{place}.namespace")
    elif kind in ("User", "Group"):
        if group != API:
            errors.unsupported(f"{place}.apiGroup", group, (API,))
    else:
        errors.unsupported(f"{place}.kind", kind, ("ServiceAccount", "User", "Group"))
