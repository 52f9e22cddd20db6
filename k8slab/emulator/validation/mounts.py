"""Where a container sees its volumes: mounts and block devices; and paths that must stay below their root."""

from __future__ import annotations

from collections.abc import Mapping

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj

PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
RECURSIONS = ("Disabled", "Enabled", "IfPossible")
NO_BACKSTEPS = "must not contain '..'"


def check_no_backsteps(text: str, path: str, errors: FieldErrors) -> None:
    if ".." in text.split("/"):
        errors.invalid(path, text, NO_BACKSTEPS)


def check_relative(text: str, path: str, errors: FieldErrors) -> None:
    if text.startswith("/"):
        errors.invalid(path, text, "must be a relative path")
    check_no_backsteps(text, path, errors)


def check_file_path(text: str, path: str, errors: FieldErrors) -> None:
    """Of a file in a volume that the node writes: names that begin with two dots are its own."""
    check_relative(text, path, errors)
    if text.startswith("..") and not text.startswith("../"):
        errors.invalid(path, text, "must not start with '..'")


def validate_mounts(container: Obj, place: str, volumes: Mapping[str, Obj], errors: FieldErrors) -> None:
    devices = {one.get("name", ""): one.get("devicePath", "") for one in container.get("volumeDevices") or []}
    places: set[str] = set()
    path = f"{place}.volumeMounts"
    for index, mount in enumerate(container.get("volumeMounts") or []):
        spot, name, where = f"{path}[{index}]", mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            errors.required(f"{spot}.name")
        if name not in volumes:
            errors.not_found(f"{spot}.name", name)
        if not where:
            errors.required(f"{spot}.mountPath")
        if where in places:
            errors.invalid(f"{spot}.mountPath", where, "must be unique")
        places.add(where)
        if name in devices:
            errors.invalid(f"{spot}.name", name, "must not already exist in volumeDevices")
        if where in devices.values():
            errors.invalid(f"{spot}.mountPath", where, "must not already exist as a path in volumeDevices")
        _check_sub_path(mount, spot, path, errors)
        _check_propagation(mount, path, container, errors)
    _validate_devices(container, f"{place}.volumeDevices", volumes, errors)


def _check_sub_path(mount: Obj, spot: str, path: str, errors: FieldErrors) -> None:
    """The server names the list, not the mount, where a path is wrong."""
    sub, expression = mount.get("subPath", ""), mount.get("subPathExpr", "")
    if sub:
        check_relative(sub, f"{path}.subPath", errors)
    if expression:
        if sub:
            errors.invalid(f"{spot}.subPathExpr", expression, "subPathExpr and subPath are mutually exclusive")
        check_relative(expression, f"{path}.subPathExpr", errors)


def _check_propagation(mount: Obj, path: str, container: Obj, errors: FieldErrors) -> None:
    propagation, recursion = mount.get("mountPropagation"), mount.get("recursiveReadOnly")
    if propagation is not None:
        if propagation not in PROPAGATIONS:
            errors.unsupported(f"{path}.mountPropagation", propagation, PROPAGATIONS)
        if propagation == "Bidirectional" and not (container.get("securityContext") or {}).get("privileged"):
            why = "Bidirectional mount propagation is available only to privileged containers"
            errors.forbidden(f"{path}.mountPropagation", why)
    if recursion in ("Enabled", "IfPossible"):
        if not mount.get("readOnly"):
            errors.forbidden(f"{path}.recursiveReadOnly", "may only be specified when readOnly is true")
        if propagation not in (None, "None"):
            why = "may only be specified when mountPropagation is None or not specified"
            errors.forbidden(f"{path}.recursiveReadOnly", why)
    elif recursion not in (None, "Disabled"):
        errors.unsupported(f"{path}.recursiveReadOnly", recursion, RECURSIONS)


def _validate_devices(container: Obj, path: str, volumes: Mapping[str, Obj], errors: FieldErrors) -> None:
    mounts = {one.get("name", ""): one.get("mountPath", "") for one in container.get("volumeMounts") or []}
    names: set[str] = set()
    places: set[str] = set()
    for index, device in enumerate(container.get("volumeDevices") or []):
        spot, name, where = f"{path}[{index}]", device.get("name", ""), device.get("devicePath", "")
        if not name:
            errors.required(f"{spot}.name")
        if name in names:
            errors.invalid(f"{spot}.name", name, "must be unique")
        if name not in volumes:
            errors.not_found(f"{spot}.name", name)
        elif not {"persistentVolumeClaim", "ephemeral"} & volumes[name].keys():
            why = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
            errors.invalid(f"{spot}.name", name, why)
        if not where:
            errors.required(f"{spot}.devicePath")
        if where in places:
            errors.invalid(f"{spot}.devicePath", where, "must be unique")
        if ".." in where.split("/"):
            errors.invalid(f"{spot}.devicePath", where, "can not contain backsteps ('..')")
        if name in mounts:
            errors.invalid(f"{spot}.name", name, "must not already exist in volumeMounts")
        if where in mounts.values():
            errors.invalid(f"{spot}.devicePath", where, "must not already exist as a path in volumeMounts")
        names.add(name)
        places.add(where)
