"""Pod specs: what the server refuses, in its order and words."""

from __future__ import annotations

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import add, parse
from k8slab.emulator.validation.addresses import check_ip
from k8slab.emulator.validation.container import Around, check_image_spaces, validate_containers
from k8slab.emulator.validation.metadata import validate_annotations, validate_labels
from k8slab.emulator.validation.names import (
    label_problems,
    qualified_problems,
    subdomain_problems,
    underscored_problems,
)
from k8slab.emulator.validation.placement import validate_affinity, validate_spread, validate_tolerations
from k8slab.emulator.validation.resources import check_container_resource, check_pod_resource, validate_resources
from k8slab.emulator.validation.security import LARGEST_ID, check_host_users, validate_pod_security
from k8slab.emulator.validation.volumes import validate_volumes

DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
RESTART_POLICIES = ("Always", "OnFailure", "Never")
PREEMPTION_POLICIES = ("PreemptLowerPriority", "Never")
SYSTEMS = ("linux", "windows")
MOST_NAMESERVERS, MOST_SEARCHES, LONGEST_SEARCH = 3, 32, 2048
DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"


def validate_pod_spec(spec: Obj, path: str, errors: FieldErrors, *, name: str = "", real: bool = False) -> None:
    """`name` is that of the pod; `real` is one, not a template."""
    volumes = validate_volumes(spec.get("volumes") or [], f"{path}.volumes", name, errors)
    around = Around(
        volumes,
        _validate_claims(spec.get("resourceClaims") or [], f"{path}.resourceClaims", errors),
        spec.get("terminationGracePeriodSeconds", 30),
        spec.get("restartPolicy", "Always"),
        spec.get("hostUsers") is not False,
    )
    validate_containers(spec, path, around, errors)
    _validate_pod_resources(spec, f"{path}.resources", around.claims, errors)
    _check_host_network(spec, path, errors, real=real)
    _check_policies(spec, path, errors)
    validate_labels(spec.get("nodeSelector") or {}, f"{path}.nodeSelector", errors)
    validate_pod_security(spec, path, errors)
    validate_affinity(spec.get("affinity") or {}, f"{path}.affinity", errors)
    _validate_dns(spec, f"{path}.dnsConfig", errors)
    _check_gates(spec, path, errors)
    validate_spread(spec.get("topologySpreadConstraints") or [], f"{path}.topologySpreadConstraints", errors)
    check_host_users(spec, path, errors)
    _check_names(spec, path, errors)
    validate_tolerations(spec.get("tolerations") or [], f"{path}.tolerations", errors)
    _check_aliases(spec, f"{path}.hostAliases", errors)
    _check_classes(spec, path, errors)
    if real:
        _check_tokens(spec, path, errors)
        check_image_spaces(spec, path, errors)


def validate_template(template: Obj, path: str, errors: FieldErrors) -> None:
    """A pod template; the labels are told without `metadata`, as the server does."""
    metadata, spec = template.get("metadata") or {}, template.get("spec") or {}
    validate_labels(metadata.get("labels") or {}, f"{path}.labels", errors)
    validate_annotations(metadata.get("annotations") or {}, f"{path}.annotations", errors)
    check_deletion_cost(metadata, f"{path}.annotations", errors)
    validate_pod_spec(spec, f"{path}.spec", errors)
    if spec.get("ephemeralContainers"):
        errors.forbidden(f"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template")


def check_deletion_cost(metadata: Obj, path: str, errors: FieldErrors) -> None:
    cost = (metadata.get("annotations") or {}).get(DELETION_COST)
    if cost is None:
        return
    number = cost.removeprefix("-")
    plain = number.isascii() and number.isdigit() and str(int(number)) == number and cost != "-0"
    if not plain or not -(2**31) <= int(cost) < 2**31:
        errors.invalid(f"{path}[{DELETION_COST}]", cost, "must be a 32bit integer")


def _validate_claims(claims: list[Obj], path: str, errors: FieldErrors) -> set[str]:
    """Their names."""
    names: set[str] = set()
    for index, claim in enumerate(claims):
        place, name = f"{path}[{index}]", claim.get("name", "")
        if not name:
            errors.required(f"{place}.name")
        elif name in names:
            errors.duplicate(f"{place}.name", name)
        for why in label_problems(name) if name and name not in names else ():
            errors.invalid(f"{place}.name", name, why)
        names.add(name)
    return names - {""}


def _validate_pod_resources(spec: Obj, path: str, claims: set[str], errors: FieldErrors) -> None:
    resources = spec.get("resources")
    if resources is None:
        return
    if resources.get("claims") is not None:
        errors.forbidden(f"{path}.claims", "claims cannot be set for Resources at pod-level")
    validate_resources(resources, path, errors, claims, check_pod_resource)
    requests, limits = resources.get("requests") or {}, resources.get("limits") or {}
    for name in ("cpu", "memory"):
        asked = [one for container in spec.get("containers") or []
                 if (one := ((container.get("resources") or {}).get("requests") or {}).get(name))]  # fmt: skip
        if asked and parse(add(*asked)) > parse(requests.get(name, "0")):
            why = f"must be greater than or equal to aggregate container requests of {add(*asked)}"
            errors.invalid(f"{path}.requests[{name}]", requests.get(name, "0"), why)
    for index, container in enumerate(spec.get("containers") or []):
        for name, limit in ((container.get("resources") or {}).get("limits") or {}).items():
            if name in limits and parse(limit) > parse(limits[name]):
                why = f"must be less than or equal to pod limits of {limits[name]}"
                errors.invalid(f"{path}.containers[{index}][{name}].limits", limit, why)


def _check_host_network(spec: Obj, path: str, errors: FieldErrors, *, real: bool) -> None:
    if not spec.get("hostNetwork"):
        return
    for index, container in enumerate(spec.get("containers") or []):
        for number, port in enumerate(container.get("ports") or []):
            host = port.get("hostPort", 0)
            if (real or host) and host != port.get("containerPort", 0):
                where = f"{path}.containers[{index}].ports[{number}].hostPort"
                errors.invalid(where, host, "must match `containerPort` when `hostNetwork` is true")


def _check_policies(spec: Obj, path: str, errors: FieldErrors) -> None:
    restart, dns = spec.get("restartPolicy", "Always"), spec.get("dnsPolicy", "ClusterFirst")
    if restart not in RESTART_POLICIES:
        errors.unsupported(f"{path}.restartPolicy", restart, RESTART_POLICIES)
    if dns not in DNS_POLICIES:
        errors.unsupported(f"{path}.dnsPolicy", dns, DNS_POLICIES)


def _validate_dns(spec: Obj, path: str, errors: FieldErrors) -> None:
    config, none = spec.get("dnsConfig"), spec.get("dnsPolicy") == "None"
    if none and config is None:
        errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None")
    elif none and not (config or {}).get("nameservers"):
        errors.required(f"{path}.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None")
    elif config is not None:
        _validate_dns_config(config, path, errors)


def _validate_dns_config(config: Obj, path: str, errors: FieldErrors) -> None:
    servers, searches = config.get("nameservers") or [], config.get("searches") or []
    if len(servers) > MOST_NAMESERVERS:
        errors.invalid(f"{path}.nameservers", servers, f"must not have more than {MOST_NAMESERVERS} nameservers")
    for index, server in enumerate(servers):
        check_ip(server, f"{path}.nameservers[{index}]", errors)
    if len(searches) > MOST_SEARCHES:
        errors.invalid(f"{path}.searches", searches, f"must not have more than {MOST_SEARCHES} search paths")
    if len(" ".join(searches)) > LONGEST_SEARCH:
        why = f"must not have more than {LONGEST_SEARCH} characters (including spaces) in the search list"
        errors.invalid(f"{path}.searches", searches, why)
    for index, search in enumerate(searches):
        if search != ".":
            for why in underscored_problems(search.removesuffix(".")):
                errors.invalid(f"{path}.searches[{index}]", search.removesuffix("."), why)
    for index, option in enumerate(config.get("options") or []):
        if not option.get("name"):
            errors.required(f"{path}.options[{index}]", "must not be empty")


def _check_gates(spec: Obj, path: str, errors: FieldErrors) -> None:
    for index, gate in enumerate(spec.get("readinessGates") or []):
        kind = gate.get("conditionType", "")
        for why in qualified_problems(kind):
            errors.invalid(f"{path}.readinessGates[{index}].conditionType", kind, why)
    seen: set[str] = set()
    for index, gate in enumerate(spec.get("schedulingGates") or []):
        name = gate.get("name", "")
        for why in qualified_problems(name):
            errors.invalid(f"{path}.schedulingGates[{index}]", name, why)
        if name in seen:
            errors.duplicate(f"{path}.schedulingGates[{index}]", name)
        seen.add(name)


def _check_names(spec: Obj, path: str, errors: FieldErrors) -> None:
    for field in ("serviceAccountName", "nodeName"):
        for why in subdomain_problems(spec[field]) if spec.get(field) else ():
            errors.invalid(f"{path}.{field}", spec[field], why)
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= LARGEST_ID:
        errors.invalid(f"{path}.activeDeadlineSeconds", deadline, f"must be between 1 and {LARGEST_ID}, inclusive")
    for field in ("hostname", "subdomain"):
        for why in label_problems(spec[field]) if spec.get(field) else ():
            errors.invalid(f"{path}.{field}", spec[field], why)


def _check_aliases(spec: Obj, path: str, errors: FieldErrors) -> None:
    for index, alias in enumerate(spec.get("hostAliases") or []):
        check_ip(alias.get("ip", ""), f"{path}[{index}].ip", errors)
        for number, name in enumerate(alias.get("hostnames") or []):
            for why in subdomain_problems(name):
                errors.invalid(f"{path}[{index}].hostnames[{number}]", name, why)


def _check_classes(spec: Obj, path: str, errors: FieldErrors) -> None:
    for why in subdomain_problems(spec["priorityClassName"]) if spec.get("priorityClassName") else ():
        errors.invalid(f"{path}.priorityClassName", spec["priorityClassName"], why)
    if spec.get("runtimeClassName") is not None:
        for why in subdomain_problems(spec["runtimeClassName"]):
            errors.invalid(f"{path}.runtimeClassName", spec["runtimeClassName"], why)
    preemption = spec.get("preemptionPolicy")
    if preemption is not None and preemption not in PREEMPTION_POLICIES:
        errors.unsupported(f"{path}.preemptionPolicy", preemption, PREEMPTION_POLICIES)
    if spec.get("overhead"):
        validate_resources({"limits": spec["overhead"]}, f"{path}.overhead", errors, set(), check_container_resource)
    system = spec.get("os")
    if system is not None and not system.get("name"):
        errors.required(f"{path}.os.name", "cannot be empty")
    elif system is not None and system["name"] not in SYSTEMS:
        errors.unsupported(f"{path}.os", system["name"], SYSTEMS)


def _check_tokens(spec: Obj, path: str, errors: FieldErrors) -> None:
    if spec.get("serviceAccountName"):
        return
    for index, volume in enumerate(spec.get("volumes") or []):
        for number, source in enumerate((volume.get("projected") or {}).get("sources") or []):
            if source.get("serviceAccountToken") is not None:
                where = f"{path}.volumes[{index}].projected.sources[{number}].serviceAccountToken"
                errors.forbidden(where, "must not be specified when serviceAccountName is not set")
