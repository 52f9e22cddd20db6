"""Containers of a pod: names, images, ports, and what else each of them has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.validation.env import validate_env
from k8slab.emulator.validation.mounts import validate_mounts
from k8slab.emulator.validation.names import label_problems, port_name_problems
from k8slab.emulator.validation.probes import check_port_number, forbid_hooks, validate_hooks
from k8slab.emulator.validation.resources import validate_resources
from k8slab.emulator.validation.security import validate_container_security

PULL_POLICIES = ("Always", "IfNotPresent", "Never")
MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
PROTOCOLS = ("SCTP", "TCP", "UDP")
RESTARTS = ("Always", "Never", "OnFailure")
RESIZES = ("NotRequired", "RestartContainer")
NOT_EPHEMERAL = ("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resizePolicy")


@dataclass(frozen=True, slots=True)
class Around:
    """What containers are judged by besides themselves."""

    volumes: Mapping[str, Obj]
    claims: set[str] = field(default_factory=set)
    grace: int = 30
    restart: str = "Always"
    host_users: bool = True


def validate_containers(spec: Obj, path: str, around: Around, errors: FieldErrors) -> None:
    containers = spec.get("containers") or []
    if not containers:
        errors.required(f"{path}.containers")
    names: set[str] = set()
    for index, container in enumerate(containers):
        place = f"{path}.containers[{index}]"
        _validate(container, place, around, errors)
        _claim_name(container, place, names, errors)
        validate_hooks(container, place, around.grace, errors)
        _check_restart(container, place, errors)
    _check_host_ports(containers, f"{path}.containers", errors)
    for index, container in enumerate(spec.get("initContainers") or []):
        place = f"{path}.initContainers[{index}]"
        _validate(container, place, around, errors)
        _check_restart(container, place, errors)
        _claim_name(container, place, names, errors)
        _check_host_ports([container], f"{path}.initContainers", errors)
        if container.get("restartPolicy") == "Always":
            validate_hooks(container, place, around.grace, errors)
        else:
            forbid_hooks(container, place, errors)
    _validate_ephemeral(spec, f"{path}.ephemeralContainers", around, names, errors)


def _claim_name(container: Obj, place: str, names: set[str], errors: FieldErrors) -> None:
    name = container.get("name", "")
    if name in names:
        errors.duplicate(f"{place}.name", name)
    elif name:
        names.add(name)


def _validate(container: Obj, place: str, around: Around, errors: FieldErrors) -> None:
    name, policy = container.get("name", ""), container.get("terminationMessagePolicy", "File")
    if not name:
        errors.required(f"{place}.name")
    for why in label_problems(name) if name else ():
        errors.invalid(f"{place}.name", name, why)
    if not container.get("image"):
        errors.required(f"{place}.image")
    if policy not in MESSAGE_POLICIES:
        errors.unsupported(f"{place}.terminationMessagePolicy", policy, MESSAGE_POLICIES)
    _validate_ports(container.get("ports") or [], f"{place}.ports", errors)
    validate_env(container, place, errors)
    validate_mounts(container, place, around.volumes, errors)
    pull = container.get("imagePullPolicy", "Always")
    if pull not in PULL_POLICIES:
        errors.unsupported(f"{place}.imagePullPolicy", pull, PULL_POLICIES)
    validate_resources(container.get("resources") or {}, f"{place}.resources", errors, around.claims)
    _validate_resizing(container.get("resizePolicy") or [], f"{place}.resizePolicy", around.restart, errors)
    context = container.get("securityContext")
    if context is not None:
        validate_container_security(context, f"{place}.securityContext", around.host_users, errors)


def check_image_spaces(spec: Obj, path: str, errors: FieldErrors) -> None:
    """Of real pods only; templates may have them."""
    for kind in ("containers", "initContainers"):
        for index, container in enumerate(spec.get(kind) or []):
            image = container.get("image", "")
            if image != image.strip():
                why = "must not have leading or trailing whitespace"
                errors.invalid(f"{path}.{kind}[{index}].image", image, why)


def _validate_ports(ports: list[Obj], path: str, errors: FieldErrors) -> None:
    names: set[str] = set()
    for index, port in enumerate(ports):
        place, name = f"{path}[{index}]", port.get("name", "")
        if name:
            problems = port_name_problems(name)
            for why in problems:
                errors.invalid(f"{place}.name", name, why)
            if name in names:
                errors.duplicate(f"{place}.name", name)
            elif not problems:
                names.add(name)
        number = port.get("containerPort", 0)
        if not number:
            errors.required(f"{place}.containerPort")
        else:
            check_port_number(number, f"{place}.containerPort", errors)
        if port.get("hostPort", 0):
            check_port_number(port["hostPort"], f"{place}.hostPort", errors)
        if port.get("protocol", "TCP") not in PROTOCOLS:
            errors.unsupported(f"{place}.protocol", port["protocol"], PROTOCOLS)


def _check_host_ports(containers: list[Obj], path: str, errors: FieldErrors) -> None:
    taken: set[str] = set()
    for index, container in enumerate(containers):
        for number, port in enumerate(container.get("ports") or []):
            if port.get("hostPort"):
                shown = f"{port.get('protocol', 'TCP')}/{port.get('hostIP', '')}/{port['hostPort']}"
                if shown in taken:
                    errors.duplicate(f"{path}[{index}].ports[{number}].hostPort", shown)
                taken.add(shown)


def _check_restart(container: Obj, place: str, errors: FieldErrors) -> None:
    policy = container.get("restartPolicy")
    if policy is not None and policy not in RESTARTS:
        errors.unsupported(f"{place}.restartPolicy", policy, RESTARTS)


def _validate_resizing(policies: list[Obj], path: str, restart: str, errors: FieldErrors) -> None:
    seen: set[str] = set()
    for index, policy in enumerate(policies):
        name, wanted = policy.get("resourceName", ""), policy.get("restartPolicy", "")
        if name in seen:
            errors.duplicate(f"{path}[{index}]", name)
        seen.add(name)
        for value, allowed in ((name, ("cpu", "memory")), (wanted, RESIZES)):
            if not value:
                errors.required(path)
            elif value not in allowed:
                errors.unsupported(path, value, allowed)
        if restart == "Never" and wanted != "NotRequired":
            errors.invalid(path, wanted, "must be 'NotRequired' when `restartPolicy` is 'Never'")


def _validate_ephemeral(spec: Obj, path: str, around: Around, names: set[str], errors: FieldErrors) -> None:
    others = set(names)
    for index, container in enumerate(spec.get("ephemeralContainers") or []):
        place = f"{path}[{index}]"
        _validate(container, place, around, errors)
        _claim_name(container, place, names, errors)
        target = container.get("targetContainerName", "")
        if target and target not in others:
            errors.not_found(f"{place}.targetContainerName", target)
        for name in NOT_EPHEMERAL:
            if container.get(name):
                errors.forbidden(f"{place}.{name}", "cannot be set for an Ephemeral Container")
        if container.get("resources"):
            errors.forbidden(f"{place}.resources", "cannot be set for an Ephemeral Container")
        for number, mount in enumerate(container.get("volumeMounts") or []):
            for name in ("subPath", "subPathExpr"):
                if mount.get(name):
                    where = f"{place}.volumeMounts[{number}].{name}"
                    errors.forbidden(where, "cannot be set for an Ephemeral Container")
