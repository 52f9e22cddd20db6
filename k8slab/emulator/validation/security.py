"""Security contexts of pods and containers."""

from __future__ import annotations

from collections.abc import Iterable

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.godiff import as_go_json
from k8slab.emulator.ports import Obj
from k8slab.emulator.validation.mounts import check_relative
from k8slab.emulator.validation.names import SYSCTL

LARGEST_ID = 2**31 - 1
ID_RANGE = f"must be between 0 and {LARGEST_ID}, inclusive"
PROFILES = ("Localhost", "RuntimeDefault", "Unconfined")
CHANGE_POLICIES = ("Always", "OnRootMismatch")
GROUP_POLICIES = ("Merge", "Strict")
LABEL_POLICIES = ("MountOption", "Recursive")
PROC_MOUNTS = ("Default", "Unmasked")
LONGEST_SYSCTL = 253
SYSCTL_TEXT = (
    f"must have at most {LONGEST_SYSCTL} characters and match regex "
    "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"
)
SPACES = {  # of the kernel, by the beginning of a parameter's name
    "hostIPC": ("kernel.sem", "kernel.shm", "kernel.msg", "fs.mqueue."),
    "hostNetwork": ("net.",),
}


def validate_pod_security(spec: Obj, path: str, errors: FieldErrors) -> None:
    context = spec.get("securityContext") or {}
    place = f"{path}.securityContext"
    for name in ("fsGroup", "runAsUser", "runAsGroup"):
        _check_id(context.get(name), f"{place}.{name}", errors)
    for index, group in enumerate(context.get("supplementalGroups") or []):
        _check_id(group, f"{place}.supplementalGroups[{index}]", errors)
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        why = "ShareProcessNamespace and HostPID cannot both be enabled"
        errors.invalid(f"{place}.shareProcessNamespace", True, why)
    _check_sysctls(spec, context.get("sysctls") or [], f"{place}.sysctls", errors)
    _check_one_of(context, "fsGroupChangePolicy", CHANGE_POLICIES, place, errors)
    _check_profile(context.get("seccompProfile"), "seccomp", f"{place}.seccompProfile", errors)
    _check_profile(context.get("appArmorProfile"), "AppArmor", f"{place}.appArmorProfile", errors)
    _check_one_of(context, "supplementalGroupsPolicy", GROUP_POLICIES, place, errors)
    _check_one_of(context, "seLinuxChangePolicy", LABEL_POLICIES, place, errors)


def check_host_users(spec: Obj, path: str, errors: FieldErrors) -> None:
    if spec.get("hostUsers") is not False:
        return
    for name, shown in (("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")):
        if spec.get(name):
            errors.forbidden(f"{path}.{shown}", "when `pod.Spec.HostUsers` is false")


def validate_container_security(context: Obj, path: str, host_users: bool, errors: FieldErrors) -> None:
    for name in ("runAsUser", "runAsGroup"):
        _check_id(context.get(name), f"{path}.{name}", errors)
    _check_one_of(context, "procMount", PROC_MOUNTS, path, errors)
    if host_users and context.get("procMount") == "Unmasked":
        errors.invalid(f"{path}.procMount", "Unmasked", "`hostUsers` must be false to use `Unmasked`")
    _check_profile(context.get("seccompProfile"), "seccomp", f"{path}.seccompProfile", errors)
    if context.get("allowPrivilegeEscalation") is False:
        told = "cannot set `allowPrivilegeEscalation` to false and "
        if context.get("privileged"):
            errors.invalid(path, as_go_json("SecurityContext", context), f"{told}`privileged` to true")
        if "CAP_SYS_ADMIN" in ((context.get("capabilities") or {}).get("add") or []):
            errors.invalid(path, as_go_json("SecurityContext", context), f"{told}`capabilities.Add` CAP_SYS_ADMIN")
    _check_profile(context.get("appArmorProfile"), "AppArmor", f"{path}.appArmorProfile", errors)


def _check_id(value: int | None, path: str, errors: FieldErrors) -> None:
    if value is not None and not 0 <= value <= LARGEST_ID:
        errors.invalid(path, value, ID_RANGE)


def _check_one_of(context: Obj, name: str, allowed: tuple[str, ...], path: str, errors: FieldErrors) -> None:
    value = context.get(name)
    if value is not None and value not in allowed:
        errors.unsupported(f"{path}.{name}", value, allowed)


def _check_profile(profile: Obj | None, what: str, path: str, errors: FieldErrors) -> None:
    if profile is None:
        return
    kind, file = profile.get("type", ""), profile.get("localhostProfile")
    if not kind:
        errors.required(f"{path}.type", f"type is required when {path.rpartition('.')[2]} is set")
    elif kind not in PROFILES:
        errors.unsupported(f"{path}.type", kind, PROFILES)
    if kind != "Localhost":
        if file is not None and (what == "seccomp" or kind in PROFILES):
            shown = as_go_json("SeccompProfile", profile) if what == "seccomp" else file
            why = f"can only be set when {what} type is Localhost"
            errors.invalid(f"{path}.localhostProfile", shown, why)
    elif file is None or (what == "AppArmor" and not file.strip()):
        errors.required(f"{path}.localhostProfile", f"must be set when {what} type is Localhost")
    elif what == "seccomp":
        check_relative(file, f"{path}.localhostProfile", errors)
    elif file != file.strip():
        errors.invalid(f"{path}.localhostProfile", file, "must not be padded with whitespace")


def _check_sysctls(spec: Obj, sysctls: Iterable[Obj], path: str, errors: FieldErrors) -> None:
    seen: set[str] = set()
    for index, one in enumerate(sysctls):
        place, name = f"{path}[{index}].name", one.get("name", "")
        if not name:
            errors.required(place)
        elif len(name) > LONGEST_SYSCTL or not SYSCTL.match(name):
            errors.invalid(place, name, SYSCTL_TEXT)
        elif name in seen:
            errors.duplicate(place, name)
        for shared, beginnings in SPACES.items():
            if spec.get(shared) and name.replace("/", ".").startswith(beginnings):
                errors.invalid(place, name, f"may not be specified when '{shared}' is true")
        seen.add(name)
