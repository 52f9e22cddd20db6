"""Pods and pod templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8slab.emulator.clock import timestamp
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.rules.podspec import default_pod_spec, qos_class
from k8slab.emulator.validation.pod import check_deletion_cost, validate_pod_spec, validate_template
from k8slab.emulator.validation.podupdate import validate_pod_update

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

FINISHED = ("Succeeded", "Failed")


@rules_for("pods")
class PodRules(Rules):
    has_generation = True
    answers_object_on_delete = True

    def default(self, obj: Obj) -> None:
        default_pod_spec(obj.setdefault("spec", {}), real=True)

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        obj["metadata"]["generation"] = 1
        obj["status"] = {"phase": "Pending", "qosClass": qos_class({"containers": [], **obj["spec"]})}
        gates = obj["spec"].get("schedulingGates")
        if gates:
            obj["status"]["conditions"] = [
                {
                    "type": "PodScheduled",
                    "status": "False",
                    "lastProbeTime": None,
                    "lastTransitionTime": timestamp(cluster.clock.now()),
                    "reason": "SchedulingGated",
                    "message": "Scheduling is blocked due to non-empty scheduling gates",
                }
            ]

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        metadata, spec = obj["metadata"], obj["spec"]
        check_deletion_cost(metadata, "metadata.annotations", errors)
        validate_pod_spec(spec, "spec", errors, name=metadata.get("name", ""), real=True)

    def validate_create(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj["spec"]
        if spec.get("ephemeralContainers"):
            errors.forbidden("spec.ephemeralContainers", "cannot be set on create")
        if spec.get("nodeName") and spec.get("schedulingGates"):
            errors.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared")

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        validate_pod_update(obj["spec"], old["spec"], errors)

    def graceful(self, obj: Obj, seconds: int | None) -> int:
        spec, phase = obj["spec"], obj.get("status", {}).get("phase")
        wanted = spec.get("terminationGracePeriodSeconds", 30) if seconds is None else max(0, seconds)
        if not spec.get("nodeName") or phase in FINISHED:
            return 0
        known = obj["metadata"].get("deletionGracePeriodSeconds")
        if known is not None and seconds is None:
            return int(known)
        return int(wanted)


@rules_for("podtemplates")
class PodTemplateRules(Rules):
    def default(self, obj: Obj) -> None:
        default_pod_spec(obj.setdefault("template", {}).setdefault("spec", {}), real=False)

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        validate_template(obj["template"], "template", errors)
