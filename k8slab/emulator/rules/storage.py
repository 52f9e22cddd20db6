"""PersistentVolume, PersistentVolumeClaim, StorageClass."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

import orjson

from k8slab.emulator.clock import timestamp
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.godiff import as_go_json, spec_diff
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.validation.claims import (
    VOLUME_MODES,
    check_access_modes,
    check_class_name,
    validate_claim_spec,
)
from k8slab.emulator.validation.names import qualified_problems
from k8slab.emulator.validation.placement import validate_node_selector
from k8slab.emulator.validation.volumes import FORBIDDEN_AS, ONE_TYPE, PERSISTENT, SHOWN_AS, check_source

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

RECLAIM = ("Delete", "Recycle", "Retain")
RECLAIM_BY_CLASS = ("Delete", "Retain")
BINDING_MODES = ("Immediate", "WaitForFirstConsumer")
NOT_SOURCES = {"capacity", "accessModes", "claimRef", "persistentVolumeReclaimPolicy", "storageClassName",
    "mountOptions",
               "volumeMode", "nodeAffinity", "volumeAttributesClassName"}  # fmt: skip
CLAIM_TEXT = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"


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
        check_access_modes(spec.get("accessModes") or [], "spec.accessModes", errors)
        _check_capacity(spec.get("capacity") or {}, errors)
        policy = spec.get("persistentVolumeReclaimPolicy", "Retain")
        if policy not in RECLAIM:
            errors.unsupported("spec.persistentVolumeReclaimPolicy", policy, RECLAIM)
        _check_node_affinity(spec.get("nodeAffinity"), errors)
        _check_volume_source(spec, errors)
        if policy == "Recycle" and posixpath.normpath((spec.get("hostPath") or {}).get("path", "") or ".") == "/":
            why = "may not be 'recycle' for a hostPath mount of '/'"
            errors.forbidden("spec.persistentVolumeReclaimPolicy", why)
        check_class_name(spec, "spec", errors)
        if spec.get("volumeMode", "Filesystem") not in VOLUME_MODES:
            errors.unsupported("spec.volumeMode", spec["volumeMode"], VOLUME_MODES)

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
        affinity = old["spec"].get("nodeAffinity")
        if affinity is not None and (obj.get("spec") or {}).get("nodeAffinity") != affinity:
            shown = as_go_json("VolumeNodeAffinity", (obj.get("spec") or {}).get("nodeAffinity"))
            errors.invalid("nodeAffinity", shown, "field is immutable")


def _check_capacity(capacity: Obj, errors: FieldErrors) -> None:
    if not capacity:
        errors.required("spec.capacity")
    if "storage" not in capacity or len(capacity) > 1:
        errors.unsupported("spec.capacity", capacity or None, ("storage",))
    for name, amount in capacity.items():
        if parse(amount) < 0:
            errors.invalid(f"spec.capacity[{name}]", int(parse(amount)), "must be a valid resource quantity")
        if parse(amount) <= 0:
            errors.invalid(f"spec.capacity[{name}]", amount, "must be greater than zero")


def _check_node_affinity(affinity: Obj | None, errors: FieldErrors) -> None:
    if affinity is None:
        return
    if affinity.get("required") is None:
        errors.required("spec.nodeAffinity.required", "must specify required node constraints")
    else:
        validate_node_selector(affinity["required"], "spec.nodeAffinity.required", errors)


def _check_volume_source(spec: Obj, errors: FieldErrors) -> None:
    sources = [kind for kind in PERSISTENT if spec.get(kind) is not None]
    for kind in sources[:1]:
        check_source(kind, spec[kind], f"spec.{SHOWN_AS.get(kind, kind)}", errors)
        if kind == "csi" and not spec["csi"].get("volumeHandle"):
            errors.required("spec.csi.volumeHandle")
        if kind == "local" and spec.get("nodeAffinity") is None:
            errors.required("spec.nodeAffinity", "Local volume requires node affinity")
    for extra in sources[1:]:
        errors.forbidden(f"spec.{FORBIDDEN_AS.get(extra, extra)}", ONE_TYPE)
    if not sources:
        errors.required("spec", "must specify a volume type")


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
        validate_claim_spec(obj["spec"], "spec", errors)

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
        given = parse(((old.get("status") or {}).get("capacity") or {}).get("storage", "0"))
        if wanted < had and wanted <= given:
            errors.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")
        mode = obj["spec"].get("volumeMode")
        if mode != old["spec"].get("volumeMode"):
            errors.invalid("volumeMode", mode, "field is immutable")


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
        provisioner, policy, mode = (
            obj.get(name, "") for name in ("provisioner", "reclaimPolicy", "volumeBindingMode")
        )
        if not provisioner:
            errors.required("provisioner")
        for why in qualified_problems(provisioner.lower()) if provisioner else ():
            errors.invalid("provisioner", provisioner, why)
        for key in obj.get("parameters") or {}:
            if not key:
                errors.invalid("parameters", key, "field can not be empty")
        if policy not in RECLAIM_BY_CLASS:
            errors.unsupported("reclaimPolicy", policy, RECLAIM_BY_CLASS)
        if mode not in BINDING_MODES:
            errors.unsupported("volumeBindingMode", mode, BINDING_MODES)
        _check_topologies(obj.get("allowedTopologies") or [], errors)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        for name in ("parameters", "provisioner", "reclaimPolicy"):
            if (obj.get(name) or None) != (old.get(name) or None):
                errors.forbidden(name, f"updates to {name} are forbidden.")
        if obj.get("volumeBindingMode") != old.get("volumeBindingMode"):
            errors.invalid("volumeBindingMode", obj.get("volumeBindingMode"), "field is immutable")


def _check_topologies(terms: list[Obj], errors: FieldErrors) -> None:
    for index, term in enumerate(terms):
        keys: set[str] = set()
        for number, one in enumerate(term.get("matchLabelExpressions") or []):
            place, key = f"allowedTopologies[{index}].matchLabelExpressions[{number}]", one.get("key", "")
            if not one.get("values"):
                errors.required(f"{place}.values")
            for why in qualified_problems(key):
                errors.invalid(f"{place}.key", key, why)
            if key in keys:
                errors.duplicate(f"{place}.key", key)
            keys.add(key)
