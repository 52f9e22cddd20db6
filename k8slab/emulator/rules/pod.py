"""Pods and pod templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from k8slab.emulator.clock import timestamp
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.rules.podspec import default_pod_spec, qos_class
from k8slab.emulator.validation.pod import validate_pod_spec

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

FINISHED = ("Succeeded", "Failed")
MAY_CHANGE = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


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
        validate_pod_spec(obj["spec"], "spec", errors, name=obj["metadata"].get("name", ""))

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        changed = _without_mutable(obj["spec"], old["spec"])
        if len(obj["spec"].get("containers", [])) != len(old["spec"].get("containers", [])):
            errors.forbidden("spec.containers", "pod updates may not add or remove containers")
        elif changed != _comparable(old["spec"]):
            errors.forbidden("spec", MAY_CHANGE)

    def graceful(self, obj: Obj, seconds: int | None) -> int:
        spec, phase = obj["spec"], obj.get("status", {}).get("phase")
        wanted = spec.get("terminationGracePeriodSeconds", 30) if seconds is None else max(0, seconds)
        if not spec.get("nodeName") or phase in FINISHED:
            return 0
        known = obj["metadata"].get("deletionGracePeriodSeconds")
        if known is not None and seconds is None:
            return int(known)
        return int(wanted)


def _comparable(spec: Obj) -> Obj:
    copy: Obj = orjson.loads(orjson.dumps(spec))
    return copy


def _without_mutable(spec: Obj, old: Obj) -> Obj:
    """The new spec with every field that may change set back to what it was."""
    copy = _comparable(spec)
    for name in ("containers", "initContainers"):
        for new, known in zip(copy.get(name) or [], old.get(name) or [], strict=False):
            new["image"] = known.get("image")
    for name in ("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "schedulingGates", "nodeName",
                 "ephemeralContainers", "nodeSelector", "affinity"):  # fmt: skip
        if name in ("nodeSelector", "affinity") and not old.get("schedulingGates"):
            continue
        if name in old:
            copy[name] = old[name]
        else:
            copy.pop(name, None)
    return copy


@rules_for("podtemplates")
class PodTemplateRules(Rules):
    def default(self, obj: Obj) -> None:
        default_pod_spec(obj.setdefault("template", {}).setdefault("spec", {}), real=False)
