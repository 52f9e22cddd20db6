"""Pod specs: what the server refuses, in its order and words."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse
from k8slab.emulator.validation.container import validate_containers
from k8slab.emulator.validation.metadata import validate_labels
from k8slab.emulator.validation.names import label_problems, qualified_problems, subdomain_problems

HOST_PATH_TYPES = ("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket")
DNS_POLICIES = ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")
RESTART_POLICIES = ("Always", "OnFailure", "Never")
LARGEST_ID = 2**31 - 1
AFFINITIES = ("podAffinity", "podAntiAffinity")
REQUIRED, PREFERRED = (
    "requiredDuringSchedulingIgnoredDuringExecution",
    "preferredDuringSchedulingIgnoredDuringExecution",
)


def validate_pod_spec(
    spec: Obj, path: str, errors: FieldErrors, *, name: str = "", restart: Sequence[str] = RESTART_POLICIES
) -> None:
    volumes = _validate_volumes(spec.get("volumes") or [], f"{path}.volumes", errors)
    validate_containers(spec, path, volumes, errors)
    policy = spec.get("restartPolicy", "Always")
    if policy not in restart:
        if policy in RESTART_POLICIES and "Always" not in restart:
            errors.required(f"{path}.restartPolicy", "valid values: " + ", ".join(f'"{one}"' for one in restart))
        else:
            errors.unsupported(f"{path}.restartPolicy", policy, restart)
    _validate_dns(spec, path, errors)
    validate_labels(spec.get("nodeSelector") or {}, f"{path}.nodeSelector", errors)
    _validate_security(spec.get("securityContext") or {}, f"{path}.securityContext", errors)
    for field in ("hostname", "subdomain"):
        if spec.get(field):
            for why in label_problems(spec[field]):
                errors.invalid(f"{path}.{field}", spec[field], _without_dots(why))
    _validate_names(spec, path, errors)
    _validate_affinity(spec.get("affinity") or {}, f"{path}.affinity", errors)
    _validate_tolerations(spec.get("tolerations") or [], f"{path}.tolerations", errors)
    _validate_spread(spec.get("topologySpreadConstraints") or [], f"{path}.topologySpreadConstraints", errors)


def _without_dots(why: str) -> str:
    from_names = label_problems("-")[0]
    return from_names if why == "must not contain dots" else why


def _validate_names(spec: Obj, path: str, errors: FieldErrors) -> None:
    for field in ("serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"):
        if spec.get(field):
            for why in subdomain_problems(spec[field]):
                errors.invalid(f"{path}.{field}", spec[field], why)
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and deadline < 1:
        errors.invalid(f"{path}.activeDeadlineSeconds", deadline, f"must be between 1 and {LARGEST_ID}, inclusive")
    for index, secret in enumerate(spec.get("imagePullSecrets") or []):
        if not secret.get("name"):
            errors.required(f"{path}.imagePullSecrets[{index}].name")
    for index, alias in enumerate(spec.get("hostAliases") or []):
        _check_ip(alias.get("ip", ""), f"{path}.hostAliases[{index}].ip", errors)


def _check_ip(text: str, path: str, errors: FieldErrors) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        errors.invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")


def _validate_dns(spec: Obj, path: str, errors: FieldErrors) -> None:
    policy, config = spec.get("dnsPolicy", "ClusterFirst"), spec.get("dnsConfig")
    if policy not in DNS_POLICIES:
        errors.unsupported(f"{path}.dnsPolicy", policy, sorted(DNS_POLICIES))
    if policy != "None":
        return
    if not config:
        errors.required(f"{path}.dnsConfig", "must provide `dnsConfig` when `dnsPolicy` is None")
    elif not config.get("nameservers"):
        errors.required(
            f"{path}.dnsConfig.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None"
        )


def _validate_security(context: Obj, path: str, errors: FieldErrors) -> None:
    for name in ("fsGroup", "runAsUser", "runAsGroup"):
        value = context.get(name)
        if value is not None and not 0 <= value <= LARGEST_ID:
            errors.invalid(f"{path}.{name}", value, f"must be between 0 and {LARGEST_ID}, inclusive")


def _validate_tolerations(tolerations: list[Obj], path: str, errors: FieldErrors) -> None:
    for index, one in enumerate(tolerations):
        place, operator = f"{path}[{index}]", one.get("operator", "Equal")
        if one.get("key"):
            for why in qualified_problems(one["key"]):
                errors.invalid(f"{place}.key", one["key"], why)
        elif operator != "Exists":
            errors.invalid(
                f"{place}.operator",
                operator,
                'operator must be Exists when `key` is empty, which means "match all values and all keys"',
            )
        if one.get("tolerationSeconds") is not None and one.get("effect") != "NoExecute":
            errors.invalid(
                f"{place}.effect", one.get("effect", ""), "effect must be 'NoExecute' when `tolerationSeconds` is set"
            )
        if operator == "Exists" and one.get("value"):
            errors.invalid(f"{place}.operator", one["value"], "value must be empty when `operator` is 'Exists'")
        elif operator not in ("", "Equal", "Exists"):
            errors.unsupported(f"{place}.operator", operator, ("Equal", "Exists"))
        if one.get("effect") not in (None, "", "NoSchedule", "PreferNoSchedule", "NoExecute"):
            errors.unsupported(f"{place}.effect", one["effect"], ("NoSchedule", "PreferNoSchedule", "NoExecute"))


def _validate_affinity(affinity: Obj, path: str, errors: FieldErrors) -> None:
    required = (affinity.get("nodeAffinity") or {}).get(REQUIRED)
    if required is not None and not required.get("nodeSelectorTerms"):
        errors.required(
            f"{path}.nodeAffinity.{REQUIRED}.nodeSelectorTerms", "must have at least one node selector term"
        )
    for kind in AFFINITIES:
        for index, term in enumerate((affinity.get(kind) or {}).get(REQUIRED) or []):
            _check_topology(term, f"{path}.{kind}.{REQUIRED}[{index}]", errors)
        for index, weighted in enumerate((affinity.get(kind) or {}).get(PREFERRED) or []):
            place = f"{path}.{kind}.{PREFERRED}[{index}]"
            if not 1 <= weighted.get("weight", 0) <= 100:
                errors.invalid(f"{place}.weight", weighted.get("weight", 0), "must be in the range 1-100")
            _check_topology(weighted.get("podAffinityTerm") or {}, f"{place}.podAffinityTerm", errors)


def _check_topology(term: Obj, place: str, errors: FieldErrors) -> None:
    key = term.get("topologyKey", "")
    if not key:
        errors.required(f"{place}.topologyKey", "can not be empty")
    for why in qualified_problems(key):
        errors.invalid(f"{place}.topologyKey", key, why)


def _validate_spread(constraints: list[Obj], path: str, errors: FieldErrors) -> None:
    for index, one in enumerate(constraints):
        if one.get("maxSkew", 0) < 1:
            errors.invalid(f"{path}[{index}].maxSkew", one.get("maxSkew", 0), "must be greater than zero")
        if not one.get("topologyKey"):
            errors.required(f"{path}[{index}].topologyKey", "can not be empty")
        if one.get("whenUnsatisfiable") not in ("DoNotSchedule", "ScheduleAnyway"):
            errors.unsupported(
                f"{path}[{index}].whenUnsatisfiable",
                one.get("whenUnsatisfiable", ""),
                ("DoNotSchedule", "ScheduleAnyway"),
            )


def _validate_volumes(volumes: list[Obj], path: str, errors: FieldErrors) -> dict[str, Obj]:
    """The volumes by name."""
    known: dict[str, Obj] = {}
    for index, volume in enumerate(volumes):
        place, name = f"{path}[{index}]", volume.get("name", "")
        _validate_source(volume, place, errors)
        if not name:
            errors.required(f"{place}.name")
        else:
            for why in label_problems(name):
                errors.invalid(f"{place}.name", name, _without_dots(why))
            if name in known:
                errors.duplicate(f"{place}.name", name)
        known[name] = volume
    return known


def _validate_source(volume: Obj, place: str, errors: FieldErrors) -> None:
    sources = [key for key in volume if key != "name"]
    order = ("emptyDir", "hostPath")
    sources.sort(key=lambda key: order.index(key) if key in order else len(order))
    if not sources:
        errors.required(place, "must specify a volume type")
    for extra in sources[1:]:
        errors.forbidden(f"{place}.{extra}", "may not specify more than 1 volume type")
    source = sources[0] if sources else ""
    value = volume.get(source) or {}
    if source == "hostPath":
        if not value.get("path"):
            errors.required(f"{place}.hostPath.path")
        elif ".." in value["path"].split("/"):
            errors.invalid(f"{place}.hostPath.path", value["path"], "must not contain '..'")
        if value.get("type", "") not in HOST_PATH_TYPES:
            errors.unsupported(f"{place}.hostPath.type", value["type"], HOST_PATH_TYPES)
    needed = {"persistentVolumeClaim": "claimName", "secret": "secretName", "configMap": "name", "nfs": "server"}.get(
        source
    )
    if needed and not value.get(needed):
        errors.required(f"{place}.{source}.{needed}")
    if source == "emptyDir" and value.get("sizeLimit") and parse(value["sizeLimit"]) < 0:
        errors.forbidden(f"{place}.emptyDir.sizeLimit", "SizeLimit field must be a valid resource quantity")
