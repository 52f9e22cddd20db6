"""Environment variables, and the fields that a pod may tell its containers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import canonical
from k8slab.emulator.validation.names import (
    ENV_NAME,
    ENV_TEXT,
    config_key_problems,
    qualified_problems,
    subdomain_problems,
)

ENV_FIELDS = ("metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
              "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs")  # fmt: skip
FILE_FIELDS = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
KNOWN_FIELDS = frozenset((*ENV_FIELDS, *FILE_FIELDS, "spec.restartPolicy", "spec.schedulerName", "status.phase"))
RESOURCES = tuple(
    f"{kind}.{name}" for kind in ("limits", "requests") for name in ("cpu", "ephemeral-storage", "memory")
)
PAGES = ("limits.hugepages-", "requests.hugepages-")
UNITS = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei"
DIVIDED = {
    "cpu": ("1m and 1", "cpu"),
    "memory": (UNITS, "memory"),
    "ephemeral-storage": (UNITS, "local ephemeral storage"),
}
SUBSCRIPT = re.compile(r"(.*)\['(.*)'\]\Z", re.DOTALL)
ONE_OF = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"


def validate_env(container: Obj, place: str, errors: FieldErrors) -> None:
    for index, one in enumerate(container.get("env") or []):
        path, name = f"{place}.env[{index}]", one.get("name", "")
        if not name:
            errors.required(f"{path}.name")
        elif not ENV_NAME.match(name):
            errors.invalid(f"{path}.name", name, ENV_TEXT)
        if one.get("valueFrom") is not None:
            _validate_value(one, f"{path}.valueFrom", errors)
    for index, one in enumerate(container.get("envFrom") or []):
        _validate_all_of(one, f"{place}.envFrom", index, errors)


def _validate_value(one: Obj, path: str, errors: FieldErrors) -> None:
    source = one["valueFrom"]
    if source.get("fieldRef") is not None:
        check_field(source["fieldRef"], f"{path}.fieldRef", ENV_FIELDS, errors)
    if source.get("resourceFieldRef") is not None:
        check_resource_field(source["resourceFieldRef"], f"{path}.resourceFieldRef", errors)
    for kind in ("configMapKeyRef", "secretKeyRef"):
        if source.get(kind) is not None:
            _check_key(source[kind], f"{path}.{kind}", errors)
    if not source:
        errors.invalid(path, "", ONE_OF)
    elif one.get("value"):
        errors.invalid(path, "", "may not be specified when `value` is not empty")
    elif len(source) > 1:
        errors.invalid(path, "", "may not have more than one field specified at a time")


def _check_key(reference: Obj, path: str, errors: FieldErrors) -> None:
    name, key = reference.get("name", ""), reference.get("key", "")
    for why in subdomain_problems(name):
        errors.invalid(f"{path}.name", name, why)
    if not key:
        errors.required(f"{path}.key")
        return
    for why in config_key_problems(key):
        errors.invalid(f"{path}.key", key, why)


def _validate_all_of(one: Obj, path: str, index: int, errors: FieldErrors) -> None:
    place, prefix = f"{path}[{index}]", one.get("prefix", "")
    if prefix and not ENV_NAME.match(prefix):
        errors.invalid(f"{place}.prefix", prefix, ENV_TEXT)
    sources = [kind for kind in ("configMapRef", "secretRef") if one.get(kind) is not None]
    for kind in sources:
        name = one[kind].get("name", "")
        if not name:
            errors.required(f"{place}.{kind}.name")
            continue
        for why in subdomain_problems(name.rstrip("-") or "-"):
            errors.invalid(f"{place}.{kind}.name", name, why)
    if not sources:
        errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")
    elif len(sources) > 1:
        errors.invalid(path, "", "may not have more than one field specified at a time")


def check_field(reference: Obj, path: str, allowed: Sequence[str], errors: FieldErrors) -> None:
    version, field = reference.get("apiVersion", "v1"), reference.get("fieldPath", "")
    if not version or not field:
        errors.required(f"{path}.{'fieldPath' if version else 'apiVersion'}")
        return
    subscripted = SUBSCRIPT.match(field)
    if why := _conversion_problem(version, field, subscripted):
        errors.invalid(f"{path}.fieldPath", field, f"error converting fieldPath: {why}")
    elif subscripted:
        key = subscripted[2].lower() if subscripted[1] == "metadata.annotations" else subscripted[2]
        for text in qualified_problems(key):
            errors.invalid(path, key, text)
    elif field not in allowed:
        errors.unsupported(f"{path}.fieldPath", field, allowed)


def _conversion_problem(version: str, field: str, subscripted: re.Match[str] | None) -> str:
    if version != "v1":
        return f"unsupported pod version: {version}"
    if subscripted:
        known = subscripted[1] in ("metadata.annotations", "metadata.labels")
        return "" if known else f"field label does not support subscript: {field}"
    return "" if field in KNOWN_FIELDS or field == "spec.host" else f"field label not supported: {field}"


def check_resource_field(reference: Obj, path: str, errors: FieldErrors, *, in_file: bool = False) -> None:
    name = reference.get("resource", "")
    if in_file and not reference.get("containerName"):
        errors.required(f"{path}.containerName")
    elif not name:
        errors.required(f"{path}.resource")
    elif name not in RESOURCES and not name.startswith(PAGES):
        errors.unsupported(f"{path}.resource", name, RESOURCES)
    _check_divisor(name, str(reference.get("divisor", "0")), f"{path}.divisor", errors)


def _check_divisor(name: str, divisor: str, path: str, errors: FieldErrors) -> None:
    divisor = canonical(divisor)
    if divisor == "0":
        return
    kind = name.partition(".")[2]
    units, told = (UNITS, "hugepages") if kind.startswith("hugepages-") else DIVIDED.get(kind, ("", ""))
    if told and divisor not in units.replace(" and ", ", ").split(", "):
        errors.invalid(path, name, f"only divisor's values {units} are supported with the {told} resource")
