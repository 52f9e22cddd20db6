"""What a claim asks of its volume: alone, in a StatefulSet's templates, in an ephemeral volume."""

from __future__ import annotations

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse
from k8slab.emulator.validation.names import subdomain_problems
from k8slab.emulator.validation.selectors import validate_selector

ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
VOLUME_MODES = ("Block", "Filesystem")
ALONE = "may not use ReadWriteOncePod with other access modes"


def check_access_modes(modes: list[str], path: str, errors: FieldErrors) -> None:
    for mode in modes:
        if mode not in ACCESS_MODES:
            errors.unsupported(path, mode, ACCESS_MODES)
    if "ReadWriteOncePod" in modes and any(one in ACCESS_MODES and one != "ReadWriteOncePod" for one in modes):
        errors.forbidden(path, ALONE)


def check_class_name(spec: Obj, path: str, errors: FieldErrors) -> None:
    name = spec.get("storageClassName")
    for why in subdomain_problems(name) if name else ():
        errors.invalid(f"{path}.storageClassName", name, why)


def validate_claim_spec(spec: Obj, path: str, errors: FieldErrors) -> None:
    modes = spec.get("accessModes") or []
    if not modes:
        errors.required(f"{path}.accessModes", "at least 1 access mode is required")
    validate_selector(spec.get("selector") or {}, f"{path}.selector", errors)
    check_access_modes(modes, f"{path}.accessModes", errors)
    wanted = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    if wanted is None:
        errors.required(f"{path}.resources[storage]")
    elif parse(wanted) <= 0:
        errors.invalid(f"{path}.resources[storage]", wanted, "must be greater than zero")
    check_class_name(spec, path, errors)
    if spec.get("volumeMode", "Filesystem") not in VOLUME_MODES:
        errors.unsupported(f"{path}.volumeMode", spec["volumeMode"], VOLUME_MODES)
    for field in ("dataSource", "dataSourceRef"):
        if spec.get(field) is not None:
            _check_origin(spec[field], f"{path}.{field}", errors)
    name = spec.get("volumeAttributesClassName")
    for why in subdomain_problems(name) if name else ():
        errors.invalid(f"{path}.volumeAttributesClassName", name, why)


def _check_origin(source: Obj, path: str, errors: FieldErrors) -> None:
    for field in ("name", "kind"):
        if not source.get(field):
            errors.required(f"{path}.{field}")
    group, kind = source.get("apiGroup") or "", source.get("kind", "")
    if not group and kind != "PersistentVolumeClaim":
        errors.invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")
    for why in subdomain_problems(group) if group else ():
        errors.invalid(f"{path}.apiGroup", group, why)
