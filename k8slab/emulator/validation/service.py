"""What a Service may say, and what of it stays."""

from __future__ import annotations

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.validation.addresses import check_cidr, check_ip, check_not_special, read_ip
from k8slab.emulator.validation.container import PROTOCOLS
from k8slab.emulator.validation.metadata import validate_labels
from k8slab.emulator.validation.names import label_problems, qualified_problems, subdomain_problems
from k8slab.emulator.validation.probes import check_port, check_port_number

TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
OPEN_TYPES = ("NodePort", "LoadBalancer")
AFFINITIES = ("ClientIP", "None")
TRAFFIC = ("Cluster", "Local")
DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
FAMILIES = ("IPv4", "IPv6")
FAMILY_POLICIES = ("PreferDualStack", "RequireDualStack", "SingleStack")
LONGEST_AFFINITY = 86400
BALANCERS_ONLY = "may only be used when `type` is 'LoadBalancer'"
HEALTH_ONLY = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"


def is_headless(spec: Obj) -> bool:
    return bool(spec.get("clusterIP") == "None")


def validate_service(obj: Obj, errors: FieldErrors) -> None:
    spec = obj["spec"]
    kind, ports = spec.get("type", "ClusterIP"), spec.get("ports") or []
    if not ports and kind != "ExternalName" and not is_headless(spec):
        errors.required("spec.ports")
    if kind == "ExternalName":
        _validate_external_name(spec, errors)
    elif is_headless(spec) and kind in OPEN_TYPES:
        errors.invalid("spec.clusterIPs[0]", "None", f"may not be set to 'None' for {kind} services")
    _validate_ports(ports, errors)
    validate_labels(spec.get("selector") or {}, "spec.selector", errors)
    _validate_affinity(spec, errors)
    if kind != "ExternalName":
        _validate_families(spec, errors)
    for index, address in enumerate(spec.get("externalIPs") or []):
        if check_ip(address, f"spec.externalIPs[{index}]", errors):
            check_not_special(address, f"spec.externalIPs[{index}]", errors)
    if kind not in TYPES:
        errors.unsupported("spec.type", kind, TYPES)
    _check_node_ports(kind, ports, errors)
    _check_distinct(ports, errors)
    _validate_balancing(spec, kind, errors)
    _validate_traffic(spec, kind, errors)


def validate_service_update(spec: Obj, known: Obj, errors: FieldErrors) -> None:
    if "ExternalName" in (spec.get("type"), known.get("type")):
        return
    new, old = spec.get("clusterIPs") or [], known.get("clusterIPs") or []
    if not (is_headless(spec) and is_headless(known)):
        for index, (fresh, before) in enumerate(zip(new, old, strict=False)):
            if fresh != before:
                errors.invalid(f"spec.clusterIPs[{index}]", new, "may not change once set")
    if not is_headless(spec) and not is_headless(known):
        families, before = spec.get("ipFamilies") or [], known.get("ipFamilies") or []
        if families[:1] != before[:1]:
            errors.invalid("spec.ipFamilies[0]", families, "may not change once set")
    if spec.get("type") == known.get("type") == "LoadBalancer" and spec.get("loadBalancerClass") != known.get(
        "loadBalancerClass"
    ):
        errors.invalid("spec.loadBalancerClass", spec.get("loadBalancerClass"), "may not change once set")
    checked = needs_health_check(spec) and needs_health_check(known)
    if checked and spec.get("healthCheckNodePort") != known.get("healthCheckNodePort"):
        errors.forbidden("spec.healthCheckNodePort", "field is immutable")


def needs_health_check(spec: Obj) -> bool:
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def _validate_external_name(spec: Obj, errors: FieldErrors) -> None:
    for name in ("clusterIPs", "ipFamilies", "ipFamilyPolicy"):
        if spec.get(name):
            errors.forbidden(f"spec.{name}", "may not be set for ExternalName services")
    name = spec.get("externalName", "").removesuffix(".")
    if not name:
        errors.required("spec.externalName")
    for why in subdomain_problems(name) if name else ():
        errors.invalid("spec.externalName", name, why)


def _validate_ports(ports: list[Obj], errors: FieldErrors) -> None:
    names: set[str] = set()
    for index, port in enumerate(ports):
        place, name = f"spec.ports[{index}]", port.get("name", "")
        if not name and len(ports) > 1:
            errors.required(f"{place}.name")
        for why in label_problems(name) if name else ():
            errors.invalid(f"{place}.name", name, why)
        if name and name in names:
            errors.duplicate(f"{place}.name", name)
        names.add(name)
        check_port_number(port.get("port", 0), f"{place}.port", errors)
        if port.get("protocol", "TCP") not in PROTOCOLS:
            errors.unsupported(f"{place}.protocol", port["protocol"], PROTOCOLS)
        check_port(port.get("targetPort", 0), f"{place}.targetPort", errors)
        for why in qualified_problems(port["appProtocol"]) if port.get("appProtocol") is not None else ():
            errors.invalid(f"{place}.appProtocol", port["appProtocol"], why)


def _validate_affinity(spec: Obj, errors: FieldErrors) -> None:
    affinity, config = spec.get("sessionAffinity", "None"), spec.get("sessionAffinityConfig")
    if affinity not in AFFINITIES:
        errors.unsupported("spec.sessionAffinity", affinity, AFFINITIES)
    elif affinity == "None":
        if config is not None:
            errors.forbidden("spec.sessionAffinityConfig", "must not be set when session affinity is None")
    else:
        seconds = ((config or {}).get("clientIP") or {}).get("timeoutSeconds", 10800)
        if not 0 < seconds <= LONGEST_AFFINITY:
            why = f"must be greater than 0 and less than {LONGEST_AFFINITY}"
            errors.invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds, why)


def _validate_families(spec: Obj, errors: FieldErrors) -> None:
    address, addresses = spec.get("clusterIP", ""), spec.get("clusterIPs") or []
    if address and addresses and addresses[0] != address:
        errors.invalid("spec.clusterIPs", addresses, "first value must match `clusterIP`")
    elif addresses and not address:
        errors.invalid("spec.clusterIPs", addresses, "must be empty when `clusterIP` is not specified")
    families = spec.get("ipFamilies") or []
    for index, family in enumerate(families):
        if family not in FAMILIES:
            errors.unsupported(f"spec.ipFamilies[{index}]", family, FAMILIES)
        if family in families[:index]:
            errors.duplicate(f"spec.ipFamilies[{index}]", family)
    if spec.get("ipFamilyPolicy") and spec["ipFamilyPolicy"] not in FAMILY_POLICIES:
        errors.unsupported("spec.ipFamilyPolicy", spec["ipFamilyPolicy"], FAMILY_POLICIES)
    if _check_addresses(addresses or ([address] if address else []), errors):
        _check_stacks(addresses, families, errors)


def _check_addresses(addresses: list[str], errors: FieldErrors) -> bool:
    """Whether the others can be judged by them."""
    before = len(errors)
    for index, one in enumerate(addresses):
        if index == 0 and one == "None":
            if len(addresses) > 1:
                errors.invalid("spec.clusterIPs", addresses, "'None' must be the first and only value")
        else:
            check_ip(one, f"spec.clusterIPs[{index}]", errors)
    usable = len(errors) == before
    if len(addresses) > 2:
        errors.invalid("spec.clusterIPs", addresses, "may only hold up to 2 values")
    return usable


def _check_stacks(addresses: list[str], families: list[str], errors: FieldErrors) -> None:
    versions = [address.version for one in addresses if one != "None" and (address := read_ip(one))]
    if len(versions) > 1 and len(set(versions)) == 1:
        errors.invalid("spec.clusterIPs", addresses, "may specify no more than one IP for each IP family")
    for index, (version, family) in enumerate(zip(versions, families, strict=False)):
        if family in FAMILIES and family != f"IPv{version}":
            why = f"expected an {family} value as indicated by `ipFamilies[{index}]`"
            errors.invalid(f"spec.clusterIPs[{index}]", addresses[index], why)


def _check_node_ports(kind: str, ports: list[Obj], errors: FieldErrors) -> None:
    taken: set[tuple[str, int]] = set()
    for index, port in enumerate(ports):
        number, place = port.get("nodePort"), f"spec.ports[{index}].nodePort"
        if not number:
            continue
        if kind == "ClusterIP":
            errors.forbidden(place, "may not be used when `type` is 'ClusterIP'")
        key = (port.get("protocol", "TCP"), number)
        if key in taken:
            errors.duplicate(place, number)
        taken.add(key)


def _check_distinct(ports: list[Obj], errors: FieldErrors) -> None:
    taken: set[tuple[str, int]] = set()
    for index, port in enumerate(ports):
        key = (port.get("protocol", "TCP"), port.get("port", 0))
        if key in taken:
            errors.duplicate(f"spec.ports[{index}]", {"protocol": key[0], "port": key[1]})
        taken.add(key)


def _validate_balancing(spec: Obj, kind: str, errors: FieldErrors) -> None:
    ranges = spec.get("loadBalancerSourceRanges") or []
    if ranges and kind != "LoadBalancer":
        errors.forbidden("spec.LoadBalancerSourceRanges", BALANCERS_ONLY)
    for index, one in enumerate(ranges):
        check_cidr(one.strip(), f"spec.LoadBalancerSourceRanges[{index}]", errors)
    for name in ("allocateLoadBalancerNodePorts", "loadBalancerClass"):
        if spec.get(name) is not None and kind != "LoadBalancer":
            errors.forbidden(f"spec.{name}", BALANCERS_ONLY)
    for why in qualified_problems(spec["loadBalancerClass"]) if spec.get("loadBalancerClass") else ():
        errors.invalid("spec.loadBalancerClass", spec["loadBalancerClass"], why)


def _validate_traffic(spec: Obj, kind: str, errors: FieldErrors) -> None:
    outside, inside = spec.get("externalTrafficPolicy"), spec.get("internalTrafficPolicy")
    reachable = kind in OPEN_TYPES or (kind == "ClusterIP" and spec.get("externalIPs"))
    if outside and not reachable:
        errors.invalid("spec.externalTrafficPolicy", outside, "may only be set for externally-accessible services")
    elif outside and outside not in TRAFFIC:
        errors.unsupported("spec.externalTrafficPolicy", outside, TRAFFIC)
    health = spec.get("healthCheckNodePort")
    if health and not needs_health_check(spec):
        errors.invalid("spec.healthCheckNodePort", health, HEALTH_ONLY)
    elif health:
        check_port_number(health, "spec.healthCheckNodePort", errors)
    if inside is not None and inside not in TRAFFIC:
        errors.unsupported("spec.internalTrafficPolicy", inside, TRAFFIC)
    distribution = spec.get("trafficDistribution")
    if distribution is not None and distribution not in DISTRIBUTIONS:
        errors.unsupported("spec.trafficDistribution", distribution, DISTRIBUTIONS)
