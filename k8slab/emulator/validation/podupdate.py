"""What of a pod may change once it is there."""

from __future__ import annotations

from typing import Any

import orjson

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.godiff import spec_diff
from k8slab.emulator.ports import Obj
from k8slab.emulator.validation.security import ID_RANGE, LARGEST_ID

MAY_CHANGE = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)
OF_HOST = ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers")


def validate_pod_update(spec: Obj, old: Obj, errors: FieldErrors) -> None:
    for kind in ("containers", "initContainers"):
        if len(spec.get(kind) or []) != len(old.get(kind) or []):
            errors.forbidden(f"spec.{kind}", "pod updates may not add or remove containers")
            return
    if not _check_deadline(spec.get("activeDeadlineSeconds"), old.get("activeDeadlineSeconds"), errors):
        return
    _check_tolerations(spec.get("tolerations") or [], old.get("tolerations") or [], errors)
    _check_gates(spec.get("schedulingGates") or [], old.get("schedulingGates") or [], errors)
    kept = _with_old_values(spec, old)
    if old.get("schedulingGates"):
        _check_gated(spec, old, kept, errors)
    known = _copy(old)
    if kept != known:
        errors.forbidden("spec", f"{MAY_CHANGE}\n{spec_diff('PodSpec', as_internal(known), as_internal(kept))}")


def as_internal(spec: Obj) -> Obj:
    """As the server holds it: what is shared with the host belongs to the security context."""
    context = {**(spec.get("securityContext") or {}), **{name: spec[name] for name in OF_HOST if name in spec}}
    return {**spec, "securityContext": context}


def _copy(spec: Obj) -> Any:
    return orjson.loads(orjson.dumps(spec))


def _check_deadline(new: int | None, old: int | None, errors: FieldErrors) -> bool:
    """Whether the rest is worth looking at."""
    path = "spec.activeDeadlineSeconds"
    if new is None:
        if old is not None:
            errors.invalid(path, None, "must not update from a positive integer to nil value")
        return True
    if not 0 <= new <= LARGEST_ID:
        errors.invalid(path, new, ID_RANGE)
    elif old is not None and old < new:
        errors.invalid(path, new, "must be less than or equal to previous value")
    else:
        return True
    return False


def _check_tolerations(new: list[Obj], old: list[Obj], errors: FieldErrors) -> None:
    known = [_without_seconds(one) for one in new]
    if any(_without_seconds(one) not in known for one in old):
        errors.forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")


def _without_seconds(toleration: Obj) -> Obj:
    return {key: value for key, value in toleration.items() if key != "tolerationSeconds"}


def _check_gates(new: list[Obj], old: list[Obj], errors: FieldErrors) -> None:
    known = {gate.get("name") for gate in old}
    for index, gate in enumerate(new):
        if gate.get("name") not in known:
            why = f"only deletion is allowed, but found new scheduling gate '{gate.get('name', '')}'"
            errors.forbidden(f"spec.schedulingGates[{index}].name", why)


def _with_old_values(spec: Obj, old: Obj) -> Any:
    """The new spec with every field that may change set back to what it was."""
    copy, known = _copy(spec), _copy(old)
    for kind in ("containers", "initContainers"):
        for new, before in zip(copy.get(kind) or [], known.get(kind) or [], strict=True):
            new["image"] = before.get("image")
    for name in ("activeDeadlineSeconds", "tolerations", "schedulingGates"):
        _set_back(copy, known, name)
    return copy


def _set_back(copy: Obj, known: Obj, name: str) -> None:
    if name in known:
        copy[name] = known[name]
    else:
        copy.pop(name, None)


def _check_gated(spec: Obj, old: Obj, kept: Obj, errors: FieldErrors) -> None:
    """Before it may be scheduled, what a pod asks of its node may become stricter."""
    new, known = spec.get("nodeSelector") or {}, old.get("nodeSelector") or {}
    for key, value in known.items():
        if new.get(key) != value:
            why = "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
            errors.invalid("spec.nodeSelector", new, why)
            break
    _set_back(kept, old, "nodeSelector")
    before = (old.get("affinity") or {}).get("nodeAffinity")
    affinity = kept.setdefault("affinity", {})
    if before is None:
        affinity.pop("nodeAffinity", None)
    else:
        affinity["nodeAffinity"] = before
    if not affinity and "affinity" not in old:
        kept.pop("affinity")
