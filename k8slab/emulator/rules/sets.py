"""StatefulSet, DaemonSet and the revisions that both keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.godiff import as_go_json
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.rules.workloads import (
    IMMUTABLE,
    WorkloadRules,
    check_labels_match,
    check_lasting,
    selector_json,
    validate_lasting_template,
)
from k8slab.emulator.validation.claims import validate_claim_spec
from k8slab.emulator.validation.names import label_problems
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

TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"
SET_MAY_CHANGE = ("replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
                  "persistentVolumeClaimRetentionPolicy", "minReadySeconds")  # fmt: skip
SET_TEXT = (
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
    "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
)
RETENTIONS = ("Retain", "Delete")
STRATEGIES = ("RollingUpdate", "OnDelete")


@rules_for("statefulsets.apps")
class StatefulSetRules(WorkloadRules):
    kind = "StatefulSet"
    unusable = ""

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
        spec = obj["spec"]
        policy = spec.get("podManagementPolicy")
        if policy not in ("OrderedReady", "Parallel"):
            errors.invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'")
        _validate_strategy(spec.get("updateStrategy") or {}, "spec.updateStrategy", errors)
        for name, value in (spec.get("persistentVolumeClaimRetentionPolicy") or {}).items():
            if value not in RETENTIONS:
                errors.unsupported(f"spec.persistentVolumeClaimRetentionPolicy.{name}", value, RETENTIONS)
        check_not_negative(spec, "spec", errors, "replicas", "minReadySeconds")
        check_not_negative(spec.get("ordinals") or {}, "spec.ordinals", errors, "start")
        if self.check_selector(spec, errors):
            self.check_template(spec, errors)
        check_lasting(spec["template"].get("spec") or {}, "spec.template.spec", self.kind, errors)
        service = spec.get("serviceName", "")
        for why in label_problems(service) if service else ():
            errors.invalid("spec.serviceName", service, why)

    def check_template(self, spec: Obj, errors: FieldErrors) -> None:
        """Its pods have a volume for every claim that is made for them."""
        if spec.get("selector") != {}:
            check_labels_match(spec.get("selector"), spec["template"], "spec.template", errors)
        claims = spec.get("volumeClaimTemplates") or []
        made = {name: {"name": name, "persistentVolumeClaim": {"claimName": name}} for one in claims
                if (name := (one.get("metadata") or {}).get("name", ""))}  # fmt: skip
        pod = spec["template"].get("spec") or {}
        own = [one for one in pod.get("volumes") or [] if one.get("name") not in made]
        whole = {**spec["template"], "spec": {**pod, "volumes": [*own, *made.values()]}}
        validate_template(whole, "spec.template", errors)
        for index, claim in enumerate(claims):
            validate_claim_spec(claim.get("spec") or {}, f"spec.volumeClaimTemplates[{index}].spec", errors)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        new, known = ({k: v for k, v in one["spec"].items() if k not in SET_MAY_CHANGE} for one in (obj, old))
        if new != known:
            errors.forbidden("spec", SET_TEXT)


def _validate_strategy(strategy: Obj, path: str, errors: FieldErrors) -> None:
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    if kind == "OnDelete":
        if rolling is not None:
            shown = as_go_json("RollingUpdateStatefulSetStrategy", rolling)
            errors.invalid(f"{path}.rollingUpdate", shown, "only allowed for updateStrategy 'RollingUpdate'")
    elif kind != "RollingUpdate":
        shown = as_go_json("StatefulSetUpdateStrategy", strategy)
        errors.invalid(path, shown, "must be 'RollingUpdate' or 'OnDelete'")
    elif rolling is not None:
        check_not_negative(rolling, f"{path}.rollingUpdate", errors, "partition")
        missing, where = rolling.get("maxUnavailable"), f"{path}.rollingUpdate.maxUnavailable"
        if missing is not None:
            check_amount(missing, where, errors)
            if is_zero(missing):
                errors.invalid(where, missing, "cannot be 0")
            check_not_above_all(missing, where, errors)


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

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj["spec"]
        selector, template = spec.get("selector"), spec["template"]
        if validate_selector(selector or {}, "spec.selector", errors):
            check_labels_match(selector, template, "spec.template", errors)
        if selector is not None and not selector.get("matchLabels") and not selector.get("matchExpressions"):
            errors.invalid("spec.selector", selector_json(selector), "empty selector is invalid for daemonset")
        validate_lasting_template(template, "spec.template", self.kind, errors)
        check_not_negative(spec, "spec", errors, "minReadySeconds")
        _validate_daemons(spec.get("updateStrategy") or {}, "spec.updateStrategy", errors)
        check_not_negative(spec, "spec", errors, "revisionHistoryLimit")


def _validate_daemons(strategy: Obj, path: str, errors: FieldErrors) -> None:
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    if kind == "RollingUpdate":
        _validate_rolling(rolling or {}, f"{path}.rollingUpdate", errors)
    elif kind != "OnDelete":
        errors.unsupported(path, as_go_json("DaemonSetUpdateStrategy", strategy), STRATEGIES)


def _validate_rolling(rolling: Obj, path: str, errors: FieldErrors) -> None:
    missing, more = rolling.get("maxUnavailable"), rolling.get("maxSurge")
    check_amount(missing, f"{path}.maxUnavailable", errors)
    check_amount(more, f"{path}.maxSurge", errors)
    check_not_above_all(missing, f"{path}.maxUnavailable", errors)
    check_not_above_all(more, f"{path}.maxSurge", errors)
    if not is_zero(missing) and not is_zero(more):
        errors.invalid(f"{path}.maxSurge", more, "may not be set when maxUnavailable is non-zero")
    elif is_zero(missing) and is_zero(more):
        errors.required(f"{path}.maxUnavailable", "cannot be 0 when maxSurge is 0")


@rules_for("controllerrevisions.apps")
class RevisionRules(Rules):
    status_is_apart = False

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        if obj.get("data") is None:
            errors.required("data", "data is mandatory")
        check_not_negative(obj, "", errors, "revision")

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        if obj.get("data") != old.get("data"):
            errors.invalid("data", obj.get("data"), IMMUTABLE)
