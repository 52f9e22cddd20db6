"""Endpoints and EndpointSlices: addresses that a service leads to."""

from __future__ import annotations

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.validation.addresses import check_ip, check_not_special, read_ip
from k8slab.emulator.validation.container import PROTOCOLS
from k8slab.emulator.validation.names import label_problems, qualified_problems, subdomain_problems
from k8slab.emulator.validation.probes import check_port_number

FAMILIES = ("FQDN", "IPv4", "IPv6")
MOST_ENDPOINTS, MOST_ADDRESSES, MOST_PORTS = 1000, 100, 20000


@rules_for("endpoints")
class EndpointsRules(Rules):
    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        for index, subset in enumerate(obj.get("subsets") or []):
            place = f"subsets[{index}]"
            if not subset.get("addresses") and not subset.get("notReadyAddresses"):
                errors.required(place, "must specify `addresses` or `notReadyAddresses`")
            for field in ("addresses", "notReadyAddresses"):
                for number, address in enumerate(subset.get(field) or []):
                    _check_address(address, f"{place}.{field}[{number}]", errors)
            ports = subset.get("ports") or []
            for number, port in enumerate(ports):
                _check_port(port, f"{place}.ports[{number}]", len(ports) > 1, errors)


def _check_address(address: Obj, path: str, errors: FieldErrors) -> None:
    valid = check_ip(address.get("ip", ""), f"{path}.ip", errors)
    for why in label_problems(address["hostname"]) if address.get("hostname") else ():
        errors.invalid(f"{path}.hostname", address["hostname"], why)
    for why in subdomain_problems(address["nodeName"]) if address.get("nodeName") is not None else ():
        errors.invalid(f"{path}.nodeName", address["nodeName"], why)
    if valid:
        check_not_special(address.get("ip", ""), f"{path}.ip", errors)


def _check_port(port: Obj, path: str, named: bool, errors: FieldErrors) -> None:
    name = port.get("name", "")
    if named and not name:
        errors.required(f"{path}.name")
    for why in label_problems(name) if name else ():
        errors.invalid(f"{path}.name", name, why)
    check_port_number(port.get("port", 0), f"{path}.port", errors)
    if port.get("protocol", "TCP") not in PROTOCOLS:
        errors.unsupported(f"{path}.protocol", port["protocol"], PROTOCOLS)
    for why in qualified_problems(port["appProtocol"]) if port.get("appProtocol") is not None else ():
        errors.invalid(f"{path}.appProtocol", port["appProtocol"], why)


@rules_for("endpointslices.discovery.k8s.io")
class EndpointSliceRules(Rules):
    has_generation = True
    status_is_apart = False

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        family, endpoints = obj.get("addressType", ""), obj.get("endpoints") or []
        if not family:
            errors.required("addressType")
        elif family not in FAMILIES:
            errors.unsupported("addressType", family, FAMILIES)
        if len(endpoints) > MOST_ENDPOINTS:
            errors.too_many("endpoints", len(endpoints), MOST_ENDPOINTS)
        for index, endpoint in enumerate(endpoints):
            _check_endpoint(endpoint, family, f"endpoints[{index}]", errors)
        _check_slice_ports(obj.get("ports") or [], errors)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        if obj.get("addressType") != old.get("addressType"):
            errors.invalid("addressType", obj.get("addressType"), "field is immutable")


def _check_endpoint(endpoint: Obj, family: str, path: str, errors: FieldErrors) -> None:
    addresses = endpoint.get("addresses") or []
    if not addresses:
        errors.required(f"{path}.addresses", "must contain at least 1 address")
    elif len(addresses) > MOST_ADDRESSES:
        errors.too_many(f"{path}.addresses", len(addresses), MOST_ADDRESSES)
    for index, address in enumerate(addresses):
        place = f"{path}.addresses[{index}]"
        if family == "FQDN":
            for why in subdomain_problems(address):
                errors.invalid(place, address, why)
        elif family in FAMILIES:
            _check_family(address, family, place, errors)
    for key in endpoint.get("deprecatedTopology") or {}:
        for why in qualified_problems(key):
            errors.invalid(f"{path}.deprecatedTopology", key, why)
    if endpoint.get("hostname") is not None:
        for why in label_problems(endpoint["hostname"]):
            errors.invalid(f"{path}.hostname", endpoint["hostname"], why)


def _check_family(address: str, family: str, path: str, errors: FieldErrors) -> None:
    if not check_ip(address, path, errors):
        return
    found = read_ip(address)
    if found is not None and f"IPv{found.version}" != family:
        errors.invalid(path, address, f"must be a valid {family} address")
    check_not_special(address, path, errors)


def _check_slice_ports(ports: list[Obj], errors: FieldErrors) -> None:
    if len(ports) > MOST_PORTS:
        errors.too_many("ports", len(ports), MOST_PORTS)
    names: set[str] = set()
    for index, port in enumerate(ports):
        place, name = f"ports[{index}]", port.get("name") or ""
        for why in label_problems(name) if name else ():
            errors.invalid(f"{place}.name", name, why)
        if name in names:
            errors.duplicate(f"{place}.name", name)
        names.add(name)
        if port.get("protocol", "TCP") not in PROTOCOLS:
            errors.unsupported(f"{place}.protocol", port["protocol"], PROTOCOLS)
