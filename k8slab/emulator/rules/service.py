"""Services: addresses and node ports are allocated, kept, and given back."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from k8slab.emulator.allocation import NODE_PORTS, RANGE, free_ip, free_port, used_ips, used_ports
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.status import invalid
from k8slab.emulator.validation.service import (
    OPEN_TYPES,
    needs_health_check,
    validate_service,
    validate_service_update,
)

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster


def _is_external_name(spec: Obj) -> bool:
    return bool(spec.get("type") == "ExternalName")


@rules_for("services")
class ServiceRules(Rules):
    answers_object_on_delete = True

    def default(self, obj: Obj) -> None:
        spec = obj.setdefault("spec", {})
        for port in spec.get("ports") or []:
            if port.get("targetPort") in (None, "", 0):
                port["targetPort"] = port.get("port", 0)
        kind = spec.get("type", "ClusterIP")
        if spec.get("sessionAffinity") == "ClientIP":
            client = spec.setdefault("sessionAffinityConfig", {}).setdefault("clientIP", {})
            client.setdefault("timeoutSeconds", 10800)
        if kind in OPEN_TYPES:
            spec.setdefault("externalTrafficPolicy", "Cluster")
        if kind == "LoadBalancer":
            spec.setdefault("allocateLoadBalancerNodePorts", True)
            for given in ((obj.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []:
                if given.get("ip"):
                    given.setdefault("ipMode", "VIP")
        if kind in ("ClusterIP", *OPEN_TYPES):
            spec.setdefault("internalTrafficPolicy", "Cluster")

    def warnings(self, obj: Obj, old: Obj | None) -> list[str]:
        if obj["spec"].get("externalIPs") and obj["spec"]["externalIPs"] != ((old or {}).get("spec") or {}).get(
            "externalIPs"
        ):
            return ["spec.externalIPs is deprecated and may no longer be implemented in some clusters"]
        return []

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        obj["status"] = {"loadBalancer": {}}
        self._early_checks(obj)
        self._allocate(cluster, obj, None)

    def prepare_update(self, cluster: Cluster, call: Call, obj: Obj, old: Obj) -> None:
        spec, known = obj["spec"], old["spec"]
        if not _is_external_name(spec):
            for name in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"):
                if not spec.get(name) and name in known:
                    spec[name] = known[name]
            if spec.get("clusterIP") != known.get("clusterIP") and spec.get("clusterIPs") == known.get("clusterIPs"):
                spec["clusterIPs"] = [spec["clusterIP"]] if spec.get("clusterIP") else []
        elif not _is_external_name(known):
            for name in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"):
                spec.pop(name, None)
        _keep_or_drop_ports(spec, known)
        self._allocate(cluster, obj, old)

    def _early_checks(self, obj: Obj) -> None:
        """A service that cannot be valid gets no address."""
        errors = FieldErrors()
        self.validate(obj, errors)
        if errors:
            raise invalid("Service", "", obj["metadata"].get("name", ""), errors)

    def _allocate(self, cluster: Cluster, obj: Obj, old: Obj | None) -> None:
        spec = obj["spec"]
        if _is_external_name(spec):
            return
        name = obj["metadata"].get("name", "")
        others = [one for one in cluster.store.list("services") if one["metadata"]["uid"] != obj["metadata"].get("uid")]
        spec.setdefault("ipFamilies", ["IPv4"])
        spec.setdefault("ipFamilyPolicy", "SingleStack")
        if spec.get("clusterIPs") and not spec.get("clusterIP"):
            spec["clusterIP"] = spec["clusterIPs"][0]
        if not spec.get("clusterIP"):
            spec["clusterIP"] = free_ip(used_ips(others))
        elif spec["clusterIP"] != "None" and old is None:
            _check_address(spec["clusterIP"], name, used_ips(others))
        spec["clusterIPs"] = spec.get("clusterIPs") or [spec["clusterIP"]]
        wants = spec.get("type") == "NodePort" or (
            spec.get("type") == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts")
        )
        if wants or any(port.get("nodePort") for port in spec.get("ports") or []):
            _allocate_ports(spec, name, used_ports(others), bool(wants))
        if needs_health_check(spec) and not spec.get("healthCheckNodePort"):
            own = {port["nodePort"] for port in spec.get("ports") or [] if port.get("nodePort")}
            spec["healthCheckNodePort"] = free_port(used_ports(others) | own)

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        validate_service(obj, errors)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        validate_service_update(obj["spec"], old["spec"], errors)


def _keep_or_drop_ports(spec: Obj, known: Obj) -> None:
    """Node ports stay with their port; they go when the type no longer has any."""
    before = {(port.get("protocol"), port.get("port")): port.get("nodePort") for port in known.get("ports") or []}
    for port in spec.get("ports") or []:
        number = before.get((port.get("protocol"), port.get("port")))
        if spec.get("type") in OPEN_TYPES:
            if not port.get("nodePort") and number:
                port["nodePort"] = number
        elif known.get("type") in OPEN_TYPES and port.get("nodePort") == number:
            port.pop("nodePort", None)
    if needs_health_check(spec) and needs_health_check(known):
        spec.setdefault("healthCheckNodePort", known.get("healthCheckNodePort", 0))
    elif needs_health_check(known) and spec.get("healthCheckNodePort") == known.get("healthCheckNodePort"):
        spec.pop("healthCheckNodePort", None)
    if spec.get("type") not in OPEN_TYPES and known.get("type") in OPEN_TYPES:
        for name in ("externalTrafficPolicy", "allocateLoadBalancerNodePorts", "healthCheckNodePort"):
            if spec.get(name) == known.get(name):
                spec.pop(name, None)


def _check_address(text: str, name: str, taken: set[str]) -> None:
    errors = FieldErrors()
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        errors.invalid("spec.clusterIPs[0]", text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
        raise invalid("Service", "", name, errors) from None
    if address not in RANGE:
        why = f"failed to allocate IP {text}: the provided network does not match the current range"
        errors.invalid("spec.clusterIPs", [text], why)
    elif text in taken:
        errors.invalid("spec.clusterIPs", [text], f"failed to allocate IP {text}: provided IP is already allocated")
    if errors:
        raise invalid("Service", "", name, errors)


def _allocate_ports(spec: Obj, name: str, taken: set[int], wants: bool) -> None:
    errors = FieldErrors()
    for index, port in enumerate(spec.get("ports") or []):
        number = port.get("nodePort")
        place = f"spec.ports[{index}].nodePort"
        if number:
            if number not in NODE_PORTS:
                why = "provided port is not in the valid range. The range of valid ports is 30000-32767"
                errors.invalid(place, number, why)
            elif number in taken:
                errors.invalid(place, number, "provided port is already allocated")
        elif wants:
            number = port["nodePort"] = free_port(taken)
        if number:
            taken.add(number)
    if errors:
        raise invalid("Service", "", name, errors)
