"""Controllers of pods that keep a number of them: Deployment, ReplicaSet, ReplicationController."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8slab.emulator.fielderrors import FieldErrors, Raw
from k8slab.emulator.godiff import as_go_json
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.rules.podspec import default_pod_spec
from k8slab.emulator.selectors import matches_selector
from k8slab.emulator.validation.pod import validate_template
from k8slab.emulator.validation.selectors import (
    check_amount,
    check_not_above_all,
    check_not_negative,
    is_zero,
    validate_selector,
)

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

IMMUTABLE = "field is immutable"
UNMATCHED = "`selector` does not match template `labels`"
STRATEGIES = ("Recreate", "RollingUpdate")


def selector_json(selector: Obj | None) -> Raw:
    return as_go_json("LabelSelector", selector)


def check_labels_match(selector: Obj | None, template: Obj, path: str, errors: FieldErrors) -> None:
    labels = (template.get("metadata") or {}).get("labels")
    if not matches_selector(selector, labels or {}):
        errors.invalid(f"{path}.metadata.labels", labels, UNMATCHED)


def validate_lasting_template(template: Obj, path: str, kind: str, errors: FieldErrors) -> None:
    """Of pods that are meant to run for ever."""
    validate_template(template, path, errors)
    check_lasting(template.get("spec") or {}, f"{path}.spec", kind, errors)


def check_lasting(spec: Obj, path: str, kind: str, errors: FieldErrors) -> None:
    if spec.get("restartPolicy", "Always") != "Always":
        errors.unsupported(f"{path}.restartPolicy", spec["restartPolicy"], ("Always",))
    if spec.get("activeDeadlineSeconds") is not None:
        errors.forbidden(f"{path}.activeDeadlineSeconds", f"activeDeadlineSeconds in {kind} is not Supported")


class WorkloadRules(Rules):
    """A selector and a template whose labels it matches."""

    has_generation = True
    kind = ""
    unusable = "invalid label selector"

    def default(self, obj: Obj) -> None:
        template = obj.setdefault("spec", {}).setdefault("template", {})
        template.setdefault("metadata", {})
        default_pod_spec(template.setdefault("spec", {}), real=False)

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        obj.pop("status", None)
        cluster.defaults.fill("apps", "v1", self.kind, obj)

    def check_selector(self, spec: Obj, errors: FieldErrors) -> bool:
        """Whether the template can be judged by it."""
        selector = spec.get("selector")
        if selector is None:
            errors.required("spec.selector")
            return True
        usable = validate_selector(selector, "spec.selector", errors)
        if not selector.get("matchLabels") and not selector.get("matchExpressions"):
            why = f"empty selector is invalid for {self.kind.lower()}"
            errors.invalid("spec.selector", selector_json(selector), why)
        if not usable:
            errors.invalid("spec.selector", selector_json(selector), self.unusable)
        return usable

    def check_template(self, spec: Obj, errors: FieldErrors) -> None:
        selector, template = spec.get("selector"), spec["template"]
        if selector != {}:
            check_labels_match(selector, template, "spec.template", errors)
        validate_lasting_template(template, "spec.template", "ReplicaSet", errors)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        if obj["spec"].get("selector") != old["spec"].get("selector"):
            errors.invalid("spec.selector", selector_json(obj["spec"].get("selector")), IMMUTABLE)


@rules_for("deployments.apps")
class DeploymentRules(WorkloadRules):
    kind = "Deployment"
    annotations_count = True

    def default(self, obj: Obj) -> None:
        super().default(obj)
        strategy = obj["spec"].setdefault("strategy", {})
        if strategy.get("type", "RollingUpdate") == "RollingUpdate":
            rolling = strategy.setdefault("rollingUpdate", {})
            rolling.setdefault("maxUnavailable", "25%")
            rolling.setdefault("maxSurge", "25%")

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj["spec"]
        check_not_negative(spec, "spec", errors, "replicas")
        if self.check_selector(spec, errors):
            self.check_template(spec, errors)
        _validate_strategy(spec.get("strategy") or {}, "spec.strategy", errors)
        check_not_negative(spec, "spec", errors, "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds")
        deadline = spec.get("progressDeadlineSeconds")
        if deadline is not None and deadline <= spec.get("minReadySeconds", 0):
            errors.invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds")


def _validate_strategy(strategy: Obj, path: str, errors: FieldErrors) -> None:
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    if kind == "Recreate":
        if rolling is not None:
            errors.forbidden(f"{path}.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")
    elif kind != "RollingUpdate":
        errors.unsupported(path, as_go_json("DeploymentStrategy", strategy), STRATEGIES)
    elif rolling is not None:
        missing, more = rolling.get("maxUnavailable"), rolling.get("maxSurge")
        where = f"{path}.rollingUpdate.maxUnavailable"
        check_amount(missing, where, errors)
        check_amount(more, f"{path}.rollingUpdate.maxSurge", errors)
        if is_zero(more) and is_zero(missing):
            errors.invalid(where, missing, "may not be 0 when `maxSurge` is 0")
        check_not_above_all(missing, where, errors)


@rules_for("replicasets.apps")
class ReplicaSetRules(WorkloadRules):
    kind = "ReplicaSet"

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        check_not_negative(obj["spec"], "spec", errors, "replicas", "minReadySeconds")
        if self.check_selector(obj["spec"], errors):
            self.check_template(obj["spec"], errors)


@rules_for("replicationcontrollers")
class ReplicationControllerRules(Rules):
    has_generation = True

    def default(self, obj: Obj) -> None:
        spec = obj.setdefault("spec", {})
        template = spec.get("template")
        if template is None:
            return
        labels = template.setdefault("metadata", {}).get("labels")
        default_pod_spec(template.setdefault("spec", {}), real=False)
        if labels:
            if not spec.get("selector"):
                spec["selector"] = dict(labels)
            if not obj.setdefault("metadata", {}).get("labels"):
                obj["metadata"]["labels"] = dict(labels)

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        obj["status"] = {"replicas": 0}

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj["spec"]
        check_not_negative(spec, "spec", errors, "minReadySeconds")
        selector, template = spec.get("selector") or {}, spec.get("template")
        if not selector:
            errors.required("spec.selector")
        check_not_negative(spec, "spec", errors, "replicas")
        if template is None:
            errors.required("spec.template")
            return
        labels = (template.get("metadata") or {}).get("labels")
        if any((labels or {}).get(key) != value for key, value in selector.items()):
            errors.invalid("spec.template.metadata.labels", labels, UNMATCHED)
        validate_lasting_template(template, "spec.template", "ReplicationController", errors)
