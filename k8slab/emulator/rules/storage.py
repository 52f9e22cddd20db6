"""PersistentVolume, PersistentVolumeClaim, StorageClass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from k8slab.emulator.clock import timestamp
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.godiff import spec_diff
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse
from k8slab.emulator.rules.base import Rules, rules_for

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
RECLAIM = ("Delete", "Recycle", "Retain")
MODES = ("Block", "Filesystem")
NOT_SOURCES = {"capacity", "accessModes", "claimRef", "persistentVolumeReclaimPolicy", "storageClassName",
    "mountOptions",
               "volumeMode", "nodeAffinity", "volumeAttributesClassName"}  # fmt: skip
CLAIM_TEXT = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"


def _check_modes(modes: list[str], errors: FieldErrors) -> None:
    if not modes:
        errors.required("spec.accessModes", "at least 1 access mode is required")
    for mode in modes:
        if mode not in ACCESS_MODES:
            errors.unsupported("spec.accessModes", mode, ACCESS_MODES)


@rules_for("persistentvolumes")
class VolumeRules(Rules):
    answers_object_on_delete = True

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        obj["status"] = {"phase": "Pending", "lastPhaseTransitionTime": timestamp(cluster.clock.now())}
        finalizers = obj["metadata"].setdefault("finalizers", [])
        if "kubernetes.io/pv-protection" not in finalizers:
            finalizers.append("kubernetes.io/pv-protection")

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj.get("spec") or {}
        if not spec.get("accessModes"):
            errors.required("spec.accessModes")
        for mode in spec.get("accessModes") or []:
            if mode not in ACCESS_MODES:
                errors.unsupported("spec.accessModes", mode, ACCESS_MODES)
        capacity = spec.get("capacity") or {}
        if not capacity:
            errors.required("spec.capacity")
        elif "storage" not in capacity or len(capacity) > 1:
            errors.unsupported("spec.capacity", next(iter(capacity)), ("storage",))
        for name, amount in capacity.items():
            if parse(amount) <= 0:
                errors.invalid(f"spec.capacity[{name}]", amount, "must be greater than zero")
        policy = spec.get("persistentVolumeReclaimPolicy", "Retain")
        if policy not in RECLAIM:
            errors.unsupported("spec.persistentVolumeReclaimPolicy", policy, RECLAIM)
        sources = [name for name in spec if name not in NOT_SOURCES]
        if not sources:
            errors.required("spec", "must specify a volume type")
        for extra in sources[1:]:
            errors.forbidden(f"spec.{extra}", "may not specify more than 1 volume type")
        if spec.get("volumeMode", "Filesystem") not in MODES:
            errors.unsupported("spec.volumeMode", spec["volumeMode"], MODES)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        new, known = ({k: v for k, v in (one.get("spec") or {}).items() if k not in NOT_SOURCES} for one in (obj, old))
        if new != known:
            why = "spec.persistentvolumesource is immutable after creation\n" + spec_diff(
                "PersistentVolumeSource", known, new
            )
            errors.forbidden("spec.persistentvolumesource", why)
        mode = (obj.get("spec") or {}).get("volumeMode")
        if mode != old["spec"].get("volumeMode"):
            errors.invalid("volumeMode", mode, "field is immutable")


@rules_for("persistentvolumeclaims")
class ClaimRules(Rules):
    answers_object_on_delete = True

    def default(self, obj: Obj) -> None:
        spec = obj.setdefault("spec", {})
        if spec.get("dataSource") and not spec.get("dataSourceRef"):
            spec["dataSourceRef"] = spec["dataSource"]

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        obj["status"] = {"phase": "Pending"}
        finalizers = obj["metadata"].setdefault("finalizers", [])
        if "kubernetes.io/pvc-protection" not in finalizers:
            finalizers.append("kubernetes.io/pvc-protection")

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj["spec"]
        _check_modes(spec.get("accessModes") or [], errors)
        requests = (spec.get("resources") or {}).get("requests") or {}
        if "storage" not in requests:
            errors.required("spec.resources[storage]")
        elif parse(requests["storage"]) <= 0:
            errors.invalid("spec.resources[storage]", requests["storage"], "must be greater than zero")
        if spec.get("volumeMode", "Filesystem") not in MODES:
            errors.unsupported("spec.volumeMode", spec["volumeMode"], MODES)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        new, known = _frozen(obj["spec"], old), _frozen(old["spec"], old)
        if new != known:
            why = f"{CLAIM_TEXT}\n{spec_diff('PersistentVolumeClaimSpec', old['spec'], obj['spec'])}"
            errors.forbidden("spec", why)
            return
        wanted, had = (
            parse(((one["spec"].get("resources") or {}).get("requests") or {}).get("storage", "0"))
            for one in (obj, old)
        )
        if wanted < had:
            errors.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")


def _frozen(spec: Obj, old: Obj) -> Any:
    """What may not change: all of it, but for the size of a bound claim, and the volume that it is bound to."""
    copy = orjson.loads(orjson.dumps(spec))
    if (old.get("status") or {}).get("phase") == "Bound":
        (copy.get("resources") or {}).pop("requests", None)
    if not old["spec"].get("volumeName"):
        copy.pop("volumeName", None)
    if not old["spec"].get("storageClassName"):
        copy.pop("storageClassName", None)
    copy.pop("volumeAttributesClassName", None)
    return copy


@rules_for("storageclasses.storage.k8s.io")
class StorageClassRules(Rules):
    status_is_apart = False

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        if not obj.get("provisioner"):
            errors.required("provisioner")
        if obj.get("reclaimPolicy") not in (None, "Delete", "Retain"):
            errors.unsupported("reclaimPolicy", obj["reclaimPolicy"], ("Delete", "Retain"))
        if obj.get("volumeBindingMode") not in ("Immediate", "WaitForFirstConsumer"):
            errors.unsupported("volumeBindingMode", obj.get("volumeBindingMode"), ("Immediate", "WaitForFirstConsumer"))

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        if (obj.get("parameters") or {}) != (old.get("parameters") or {}):
            errors.forbidden("parameters", "updates to parameters are forbidden.")
        if obj.get("provisioner") != old.get("provisioner"):
            errors.forbidden("provisioner", "updates to provisioner are forbidden.")
        for name in ("reclaimPolicy", "volumeBindingMode"):
            if obj.get(name) != old.get(name):
                errors.invalid(name, obj.get(name), "field is immutable")
