"""CustomResourceDefinition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8slab.emulator.clock import timestamp
from k8slab.emulator.custom.versioncheck import check_versions
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.validation.names import label_problems, subdomain_problems

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

CLEANUP = "customresourcecleanup.apiextensions.k8s.io"
SCOPES = ("Cluster", "Namespaced")
VERSION_NAME = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?$")
IMMUTABLE = "field is immutable"
NO_WEBHOOKS = "this cluster calls no conversion webhooks: use None, which changes the apiVersion only"


@rules_for("customresourcedefinitions.apiextensions.k8s.io")
class DefinitionRules(Rules):
    has_generation = True
    answers_object_on_delete = True

    def default(self, obj: Obj) -> None:
        spec = obj.setdefault("spec", {})
        names = spec.setdefault("names", {})
        kind = names.get("kind", "")
        if kind:
            names.setdefault("singular", kind.lower())
            names.setdefault("listKind", f"{kind}List")
        spec.setdefault("conversion", {"strategy": "None"})
        for version in spec.get("versions") or []:
            for column in version.get("additionalPrinterColumns") or []:
                column.setdefault("type", "string")

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        stored = [one["name"] for one in obj["spec"].get("versions") or [] if one.get("storage")]
        obj["status"] = {"conditions": None, "acceptedNames": {"plural": "", "kind": ""}, "storedVersions": stored}

    def prepare_update(self, cluster: Cluster, call: Call, obj: Obj, old: Obj) -> None:
        known = (obj.get("status") or {}).get("storedVersions") or []
        fresh = [one["name"] for one in obj["spec"].get("versions") or [] if one.get("storage")]
        if call.inside or not obj.get("status") or set(fresh) <= set(known):
            return
        obj["status"] = {**obj["status"], "storedVersions": [*known, *(one for one in fresh if one not in known)]}

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj["spec"]
        names, group = spec.get("names") or {}, spec.get("group", "")
        if obj["metadata"].get("name") != f"{names.get('plural', '')}.{group}":
            errors.invalid("metadata.name", obj["metadata"].get("name"), 'must be spec.names.plural+"."+spec.group')
        if not group:
            errors.required("spec.group")
        else:
            for why in subdomain_problems(group):
                errors.invalid("spec.group", group, why)
            if "." not in group:
                errors.invalid("spec.group", group, "should be a domain with at least one dot")
        _check_conversion(spec, errors)
        if spec.get("scope") not in SCOPES:
            errors.unsupported("spec.scope", spec.get("scope", ""), SCOPES)
        _check_versions(spec.get("versions") or [], errors)
        _check_names(names, errors)
        for index, version in enumerate(spec.get("versions") or []):
            _check_version(version, f"spec.versions[{index}]", errors)
        check_versions(spec.get("versions") or [], errors)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        spec, known = obj["spec"], old["spec"]
        for name in ("group", "scope"):
            if spec.get(name) != known.get(name):
                errors.invalid(f"spec.{name}", spec.get(name), IMMUTABLE)
        for name in ("plural", "kind"):
            if spec["names"].get(name) != known["names"].get(name):
                errors.invalid(f"spec.names.{name}", spec["names"].get(name), IMMUTABLE)
        versions = [one.get("name") for one in spec.get("versions") or []]
        for index, stored in enumerate((obj.get("status") or {}).get("storedVersions") or []):
            if stored not in versions:
                errors.invalid(f"status.storedVersions[{index}]", stored, "must appear in spec.versions")

    def marked_for_deletion(self, obj: Obj) -> None:
        """It waits until its objects are gone."""
        metadata = obj["metadata"]
        metadata.pop("deletionGracePeriodSeconds", None)
        conditions = (obj.get("status") or {}).get("conditions") or []
        if CLEANUP in metadata.get("finalizers", []) or any(one["type"] == "Terminating" for one in conditions):
            return
        metadata["finalizers"] = [*metadata.get("finalizers", []), CLEANUP]


def add_condition(definition: Obj, now: float, kind: str, status: str, reason: str, message: str) -> Obj:
    """The definition's status with this condition."""
    known = definition.get("status") or {}
    conditions = [one for one in known.get("conditions") or [] if one["type"] != kind]
    before: Obj = next((one for one in known.get("conditions") or [] if one["type"] == kind), {})
    since = before["lastTransitionTime"] if before.get("status") == status else timestamp(now)
    fresh = {"type": kind, "status": status, "lastTransitionTime": since, "reason": reason, "message": message}
    return {**definition, "status": {**known, "conditions": [*conditions, fresh]}}


def _check_names(names: Obj, errors: FieldErrors) -> None:
    for name in ("plural", "singular", "kind", "listKind"):
        text = names.get(name) or ""
        if not text:
            errors.required(f"spec.names.{name}")
            continue
        shown = text if name in ("plural", "singular") else text.lower()
        for why in label_problems(shown):
            what = "may have mixed case, but should otherwise match: " if shown != text else ""
            errors.invalid(f"spec.names.{name}", text, what + why)
    for index, text in enumerate(names.get("shortNames") or []):
        for why in label_problems(text):
            errors.invalid(f"spec.names.shortNames[{index}]", text, why)
    if names.get("kind") and names.get("kind") == names.get("listKind"):
        errors.invalid("spec.names.listKind", names["listKind"], "kind and listKind may not be the same")


def _check_versions(versions: list[Obj], errors: FieldErrors) -> None:
    stored = [one for one in versions if one.get("storage")]
    if len(stored) != 1:
        errors.invalid("spec.versions", versions, "must have exactly one version marked as storage version")
    names = [one.get("name", "") for one in versions]
    for name in {one for one in names if names.count(one) > 1}:
        errors.invalid("spec.versions", name, "must contain unique version names")


def _check_version(version: Obj, place: str, errors: FieldErrors) -> None:
    name = version.get("name", "")
    if not VERSION_NAME.match(name):
        for why in label_problems(name):
            errors.invalid(f"{place}.name", name, why)
    if (version.get("schema") or {}).get("openAPIV3Schema") is None:
        errors.required(f"{place}.schema.openAPIV3Schema", "schemas are required")


def _check_conversion(spec: Obj, errors: FieldErrors) -> None:
    if spec.get("preserveUnknownFields"):
        why = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
        errors.invalid("spec.preserveUnknownFields", True, why)
    conversion = spec.get("conversion") or {}
    strategy = conversion.get("strategy", "None")
    if strategy == "Webhook":
        errors.forbidden("spec.conversion.strategy", NO_WEBHOOKS)
    elif strategy != "None":
        errors.unsupported("spec.conversion.strategy", strategy, ("None", "Webhook"))
    elif conversion.get("webhook"):
        errors.forbidden("spec.conversion.webhookClientConfig", "should not be set when strategy is not set to Webhook")
