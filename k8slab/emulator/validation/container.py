"""Containers of a pod: names, images, ports, environment, mounts, probes, resources."""

from __future__ import annotations

import re
from collections.abc import Mapping

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse
from k8slab.emulator.validation.names import ENV_NAME, PORT_NAME, label_problems, qualified_problems

PULL_POLICIES = ("Always", "IfNotPresent", "Never")
PROTOCOLS = ("SCTP", "TCP", "UDP")
HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
PORT_RANGE = "must be between 1 and 65535, inclusive"
FIELD_PATHS = ("metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
               "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs")  # fmt: skip
SUBSCRIPT = re.compile(r"metadata\.(labels|annotations)\['([^']+)'\]$")
ENV_TEXT = "a valid environment variable name must consist only of printable ASCII characters other than '='"
NOT_NEGATIVE = "must be greater than or equal to 0"


def validate_containers(spec: Obj, path: str, volumes: Mapping[str, Obj], errors: FieldErrors) -> None:
    if not spec.get("containers"):
        errors.required(f"{path}.containers")
    seen: set[str] = set()
    for index, container in enumerate(spec.get("containers") or []):
        _validate(container, f"{path}.containers[{index}]", volumes, seen, errors, is_init=False)
    for index, container in enumerate(spec.get("initContainers") or []):
        _validate(container, f"{path}.initContainers[{index}]", volumes, seen, errors, is_init=True)


def _validate(
    container: Obj, place: str, volumes: Mapping[str, Obj], seen: set[str], errors: FieldErrors, *, is_init: bool
) -> None:
    name = container.get("name", "")
    if not name:
        errors.required(f"{place}.name")
    else:
        for why in label_problems(name):
            errors.invalid(f"{place}.name", name, label_problems("-")[0] if "dots" in why else why)
        if name in seen:
            errors.duplicate(f"{place}.name", name)
    seen.add(name)
    image = container.get("image", "")
    if not image:
        errors.required(f"{place}.image")
    elif image != image.strip():
        errors.invalid(f"{place}.image", image, "must not have leading or trailing whitespace")
    _validate_probes(container, place, errors, is_init=is_init)
    _validate_ports(container.get("ports") or [], f"{place}.ports", errors)
    _validate_env(container, place, errors)
    _validate_mounts(container.get("volumeMounts") or [], f"{place}.volumeMounts", volumes, errors)
    policy = container.get("imagePullPolicy", "Always")
    if policy not in PULL_POLICIES:
        errors.unsupported(f"{place}.imagePullPolicy", policy, PULL_POLICIES)
    validate_resources(container.get("resources") or {}, f"{place}.resources", errors)
    _validate_security(container.get("securityContext") or {}, f"{place}.securityContext", errors)


def _validate_ports(ports: list[Obj], path: str, errors: FieldErrors) -> None:
    names: set[str] = set()
    for index, port in enumerate(ports):
        place, name = f"{path}[{index}]", port.get("name", "")
        if name:
            for why in port_name_problems(name):
                errors.invalid(f"{place}.name", name, why)
            if name in names:
                errors.duplicate(f"{place}.name", name)
            names.add(name)
        number = port.get("containerPort", 0)
        if not number:
            errors.required(f"{place}.containerPort")
        elif not 1 <= number <= 65535:
            errors.invalid(f"{place}.containerPort", number, PORT_RANGE)
        host = port.get("hostPort", 0)
        if host and not 1 <= host <= 65535:
            errors.invalid(f"{place}.hostPort", host, PORT_RANGE)
        if port.get("protocol", "TCP") not in PROTOCOLS:
            errors.unsupported(f"{place}.protocol", port["protocol"], PROTOCOLS)


def port_name_problems(name: str) -> list[str]:
    found = []
    if len(name) > 15:
        found.append("must be no more than 15 characters")
    if not PORT_NAME.match(name):
        found.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search("[a-z]", name):
        found.append("must contain at least one letter (a-z)")
    if "--" in name:
        found.append("must not contain consecutive hyphens")
    if name.startswith("-") or name.endswith("-"):
        found.append("must not begin or end with a hyphen")
    return found


def _validate_env(container: Obj, place: str, errors: FieldErrors) -> None:
    for index, one in enumerate(container.get("env") or []):
        path, name = f"{place}.env[{index}]", one.get("name", "")
        if not name:
            errors.required(f"{path}.name")
        elif not ENV_NAME.match(name):
            errors.invalid(f"{path}.name", name, ENV_TEXT)
        source = one.get("valueFrom")
        if source is None:
            continue
        if one.get("value"):
            errors.invalid(f"{path}.valueFrom", "", "may not be specified when `value` is not empty")
        if len(source) > 1:
            errors.invalid(f"{path}.valueFrom", "", "may not have more than one field specified at a time")
        elif not source:
            errors.invalid(
                f"{path}.valueFrom",
                "",
                "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
            )
        _validate_source(source, f"{path}.valueFrom", errors)


def _validate_source(source: Obj, path: str, errors: FieldErrors) -> None:
    reference = source.get("fieldRef")
    if reference is not None:
        field = reference.get("fieldPath", "")
        if not field:
            errors.required(f"{path}.fieldRef.fieldPath")
        elif field not in FIELD_PATHS and not SUBSCRIPT.match(field):
            errors.invalid(
                f"{path}.fieldRef.fieldPath", field, f"error converting fieldPath: field label not supported: {field}"
            )
    for kind in ("configMapKeyRef", "secretKeyRef"):
        if kind in source:
            for name in ("name", "key"):
                if not source[kind].get(name):
                    errors.required(f"{path}.{kind}.{name}")


def _validate_mounts(mounts: list[Obj], path: str, volumes: Mapping[str, Obj], errors: FieldErrors) -> None:
    places: set[str] = set()
    for index, mount in enumerate(mounts):
        place, name = f"{path}[{index}]", mount.get("name", "")
        if not name:
            errors.required(f"{place}.name")
        elif name not in volumes:
            errors.not_found(f"{place}.name", name)
        where = mount.get("mountPath", "")
        if not where:
            errors.required(f"{place}.mountPath")
        elif where in places:
            errors.invalid(f"{place}.mountPath", where, "must be unique")
        places.add(where)
        sub = mount.get("subPath", "")
        if sub.startswith("/"):
            errors.invalid(f"{place}.subPath", sub, "must be a relative path")
        elif ".." in sub.split("/"):
            errors.invalid(f"{place}.subPath", sub, "must not contain '..'")


def _validate_probes(container: Obj, place: str, errors: FieldErrors, *, is_init: bool) -> None:
    sidecar = container.get("restartPolicy") == "Always"
    for kind in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container.get(kind)
        if probe is None:
            continue
        path = f"{place}.{kind}"
        if is_init and not sidecar:
            errors.forbidden(path, "may not be set for init containers without restartPolicy=Always")
            continue
        _validate_handler(probe, path, errors)
        for name in ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"):
            if probe.get(name, 0) < 0:
                errors.invalid(f"{path}.{name}", probe[name], NOT_NEGATIVE)
        if kind != "readinessProbe" and probe.get("successThreshold", 1) != 1:
            errors.invalid(f"{path}.successThreshold", probe["successThreshold"], "must be 1")
    for kind, handler in (container.get("lifecycle") or {}).items():
        if kind in ("postStart", "preStop"):
            _validate_handler(handler or {}, f"{place}.lifecycle.{kind}", errors)


def _validate_handler(handler: Obj, path: str, errors: FieldErrors) -> None:
    present = [name for name in (*HANDLERS, "sleep") if name in handler]
    if not present:
        errors.required(path, "must specify a handler type")
    for extra in present[1:]:
        errors.forbidden(f"{path}.{extra}", "may not specify more than 1 handler type")
    for kind in present[:1]:
        value = handler[kind] or {}
        if kind == "exec" and not value.get("command"):
            errors.required(f"{path}.exec.command")
        if kind in ("httpGet", "tcpSocket", "grpc"):
            _check_port(value.get("port", 0), f"{path}.{kind}.port", errors)


def _check_port(port: object, path: str, errors: FieldErrors) -> None:
    if isinstance(port, int):
        if not 1 <= port <= 65535:
            errors.invalid(path, port, PORT_RANGE)
    else:
        for why in port_name_problems(str(port)):
            errors.invalid(path, port, why)


def validate_resources(resources: Obj, path: str, errors: FieldErrors) -> None:
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for kind, amounts in (("limits", limits), ("requests", requests)):
        for name, amount in amounts.items():
            place = f"{path}.{kind}[{name}]"
            problems = qualified_problems(name)
            for why in problems:
                errors.invalid(place, name, why)
            if not problems and "/" not in name and not _is_standard(name):
                errors.invalid(place, name, "must be a standard resource type or fully qualified")
                errors.invalid(place, name, "must be a standard resource for containers")
            if parse(amount) < 0:
                errors.invalid(place, amount, NOT_NEGATIVE)
            elif kind == "requests" and name in limits and parse(amount) > parse(limits[name]):
                errors.invalid(
                    f"{path}.requests", amount, f"must be less than or equal to {name} limit of {limits[name]}"
                )


def _is_standard(name: str) -> bool:
    return name in ("cpu", "memory", "ephemeral-storage") or name.startswith("hugepages-")


def _validate_security(context: Obj, path: str, errors: FieldErrors) -> None:
    for name in ("runAsUser", "runAsGroup"):
        value = context.get(name)
        if value is not None and not 0 <= value < 2**31:
            errors.invalid(f"{path}.{name}", value, "must be between 0 and 2147483647, inclusive")
    if context.get("allowPrivilegeEscalation") is False and context.get("privileged"):
        errors.invalid(path, context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
