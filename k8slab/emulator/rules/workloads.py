"""Controllers of pods: Deployment, ReplicaSet, StatefulSet, DaemonSet, ReplicationController."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.rules.podspec import default_pod_spec
from k8slab.emulator.selectors import matches_selector
from k8slab.emulator.validation.metadata import validate_labels
from k8slab.emulator.validation.pod import validate_pod_spec
from k8slab.emulator.validation.selectors import check_amount, check_not_negative, is_zero, validate_selector

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

IMMUTABLE = "field is immutable"
TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"
SET_MAY_CHANGE = ("replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
                  "persistentVolumeClaimRetentionPolicy", "minReadySeconds")  # fmt: skip
SET_TEXT = (
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
    "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
)


def validate_template(template: Obj, path: str, errors: FieldErrors, restart: Sequence[str] = ("Always",)) -> None:
    metadata = template.get("metadata") or {}
    validate_labels(metadata.get("labels") or {}, f"{path}.metadata.labels", errors)
    validate_pod_spec(template.get("spec") or {}, f"{path}.spec", errors, restart=restart)


class WorkloadRules(Rules):
    """A selector, a template whose labels it matches, and a number of replicas."""

    has_generation = True
    kind = ""

    def default(self, obj: Obj) -> None:
        template = obj.setdefault("spec", {}).setdefault("template", {})
        template.setdefault("metadata", {})
        default_pod_spec(template.setdefault("spec", {}), real=False)

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        obj.pop("status", None)
        cluster.defaults.fill("apps", "v1", self.kind, obj)

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj["spec"]
        check_not_negative(spec, "spec", errors, "replicas", "minReadySeconds")
        usable = self._check_selector(spec, errors)
        check_not_negative(spec, "spec", errors, "revisionHistoryLimit")
        labels = (spec["template"].get("metadata") or {}).get("labels") or {}
        if usable and not matches_selector(spec.get("selector"), labels):
            errors.invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
        validate_template(spec["template"], "spec.template", errors)
        if spec["template"]["spec"].get("activeDeadlineSeconds") is not None:
            why = f"activeDeadlineSeconds in {self.kind} is not Supported"
            errors.forbidden("spec.template.spec.activeDeadlineSeconds", why)

    def _check_selector(self, spec: Obj, errors: FieldErrors) -> bool:
        selector = spec.get("selector")
        if selector is None:
            errors.required("spec.selector")
            return True
        if not selector.get("matchLabels") and not selector.get("matchExpressions"):
            errors.invalid("spec.selector", selector, f"empty selector is invalid for {self.kind.lower()}")
        if validate_selector(selector, "spec.selector", errors):
            return True
        errors.invalid("spec.selector", selector, "invalid label selector")
        return False

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        if obj["spec"].get("selector") != old["spec"].get("selector"):
            errors.invalid("spec.selector", obj["spec"].get("selector"), IMMUTABLE)


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
        super().validate(obj, errors)
        spec = obj["spec"]
        strategy, rolling = spec.get("strategy") or {}, (spec.get("strategy") or {}).get("rollingUpdate")
        path = "spec.strategy"
        if strategy.get("type") == "Recreate":
            if rolling is not None:
                errors.forbidden(f"{path}.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")
        elif strategy.get("type") != "RollingUpdate":
            errors.unsupported(f"{path}.type", strategy.get("type"), ("Recreate", "RollingUpdate"))
        elif rolling is not None:
            check_amount(rolling.get("maxSurge"), f"{path}.rollingUpdate.maxSurge", errors)
            check_amount(
                rolling.get("maxUnavailable"), f"{path}.rollingUpdate.maxUnavailable", errors, at_most_all=True
            )
            if is_zero(rolling.get("maxSurge")) and is_zero(rolling.get("maxUnavailable")):
                where = f"{path}.rollingUpdate.maxUnavailable"
                errors.invalid(where, rolling.get("maxUnavailable"), "may not be 0 when `maxSurge` is 0")
        deadline, ready = spec.get("progressDeadlineSeconds"), spec.get("minReadySeconds", 0)
        check_not_negative(spec, "spec", errors, "progressDeadlineSeconds")
        if deadline is not None and deadline <= ready:
            errors.invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds")


@rules_for("replicasets.apps")
class ReplicaSetRules(WorkloadRules):
    kind = "ReplicaSet"


@rules_for("statefulsets.apps")
class StatefulSetRules(WorkloadRules):
    kind = "StatefulSet"

    def default(self, obj: Obj) -> None:
        super().default(obj)
        spec = obj["spec"]
        strategy = spec.setdefault("updateStrategy", {})
        if strategy.get("type", "RollingUpdate") == "RollingUpdate":
            strategy.setdefault("rollingUpdate", {}).setdefault("partition", 0)
        for claim in spec.get("volumeClaimTemplates") or []:
            claim.setdefault("kind", "PersistentVolumeClaim")
            claim.setdefault("apiVersion", "v1")

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        policy = obj["spec"].get("podManagementPolicy")
        if policy not in ("OrderedReady", "Parallel"):
            errors.invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'")
        super().validate(obj, errors)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        new, known = ({k: v for k, v in one["spec"].items() if k not in SET_MAY_CHANGE} for one in (obj, old))
        if new != known:
            errors.forbidden("spec", SET_TEXT)


@rules_for("daemonsets.apps")
class DaemonSetRules(WorkloadRules):
    kind = "DaemonSet"

    def default(self, obj: Obj) -> None:
        super().default(obj)
        strategy = obj["spec"].setdefault("updateStrategy", {})
        if strategy.get("type", "RollingUpdate") == "RollingUpdate":
            rolling = strategy.setdefault("rollingUpdate", {})
            rolling.setdefault("maxUnavailable", 1)
            rolling.setdefault("maxSurge", 0)

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        super().prepare_create(cluster, call, obj)
        annotations = obj["metadata"].setdefault("annotations", {})
        annotations.setdefault(TEMPLATE_GENERATION, "1")

    def prepare_update(self, cluster: Cluster, call: Call, obj: Obj, old: Obj) -> None:
        known = (old["metadata"].get("annotations") or {}).get(TEMPLATE_GENERATION, "1")
        changed = obj["spec"]["template"] != old["spec"]["template"]
        number = str(int(known) + 1) if changed and known.isdigit() else known
        obj["metadata"].setdefault("annotations", {})[TEMPLATE_GENERATION] = number


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
        check_not_negative(spec, "spec", errors, "minReadySeconds", "replicas")
        selector, template = spec.get("selector") or {}, spec.get("template")
        if not selector:
            errors.required("spec.selector")
        if template is None:
            errors.required("spec.template")
            return
        labels = template["metadata"].get("labels") or {}
        if any(labels.get(key) != value for key, value in selector.items()):
            errors.invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
        validate_template(template, "spec.template", errors)
