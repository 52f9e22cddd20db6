"""Ingress, IngressClass, NetworkPolicy, Node, EndpointSlice."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.validation.names import subdomain_problems
from k8slab.emulator.validation.selectors import validate_selector

if TYPE_CHECKING:
    from k8slab.emulator.calls import Call
    from k8slab.emulator.cluster import Cluster

PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
TAINT_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
POLICY_TYPES = ("Ingress", "Egress")


@rules_for("ingresses.networking.k8s.io")
class IngressRules(Rules):
    has_generation = True

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj.get("spec") or {}
        if not spec.get("rules") and not spec.get("defaultBackend"):
            errors.invalid("spec", spec.get("rules") or [], "either `defaultBackend` or `rules` must be specified")
        if spec.get("defaultBackend"):
            _validate_backend(spec["defaultBackend"], "spec.defaultBackend", errors)
        for index, rule in enumerate(spec.get("rules") or []):
            _validate_host(rule.get("host", ""), f"spec.rules[{index}].host", errors)
            http = rule.get("http")
            if http is None:
                continue
            if not http.get("paths"):
                errors.required(f"spec.rules[{index}].http.paths")
            for number, path in enumerate(http.get("paths") or []):
                _validate_path(path, f"spec.rules[{index}].http.paths[{number}]", errors)


def _validate_host(host: str, place: str, errors: FieldErrors) -> None:
    if not host:
        return
    try:
        ipaddress.ip_address(host)
        errors.invalid(place, host, "must be a DNS name, not an IP address")
    except ValueError:
        for why in subdomain_problems(host.removeprefix("*.")):
            errors.invalid(place, host, why)


def _validate_path(path: Obj, place: str, errors: FieldErrors) -> None:
    kind, text = path.get("pathType"), path.get("path", "")
    if kind is None:
        errors.required(f"{place}.pathType", "pathType must be specified")
    elif kind not in PATH_TYPES:
        errors.unsupported(f"{place}.pathType", kind, PATH_TYPES)
    elif (kind != "ImplementationSpecific" or text) and not text.startswith("/"):
        errors.invalid(f"{place}.path", text, "must be an absolute path")
    _validate_backend(path.get("backend") or {}, f"{place}.backend", errors)


def _validate_backend(backend: Obj, place: str, errors: FieldErrors) -> None:
    service, resource = backend.get("service"), backend.get("resource")
    if service is None and resource is None:
        errors.required(place, "resource or service backend is required")
    if service is None:
        return
    if not service.get("name"):
        errors.required(f"{place}.service.name")
    port = service.get("port") or {}
    if not port.get("name") and not port.get("number"):
        errors.required(f"{place}.service.port", "port name or number is required")
    elif port.get("name") and port.get("number"):
        errors.invalid(f"{place}.service.port", "", "cannot set both port name & port number")


@rules_for("ingressclasses.networking.k8s.io")
class IngressClassRules(Rules):
    has_generation = True
    status_is_apart = False

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        if not (obj.get("spec") or {}).get("controller"):
            errors.required("spec.controller")


@rules_for("networkpolicies.networking.k8s.io")
class NetworkPolicyRules(Rules):
    has_generation = True
    status_is_apart = False

    def default(self, obj: Obj) -> None:
        spec = obj.setdefault("spec", {})
        spec.setdefault("podSelector", {})
        if not spec.get("policyTypes"):
            spec["policyTypes"] = ["Ingress", *(["Egress"] if spec.get("egress") else [])]

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj["spec"]
        validate_selector(spec["podSelector"], "spec.podSelector", errors)
        for direction, peers in (("ingress", "from"), ("egress", "to")):
            for index, rule in enumerate(spec.get(direction) or []):
                place = f"spec.{direction}[{index}]"
                for number, port in enumerate(rule.get("ports") or []):
                    _validate_port(port, f"{place}.ports[{number}]", errors)
                for number, peer in enumerate(rule.get(peers) or []):
                    _validate_peer(peer, f"{place}.{peers}[{number}]", errors)
        for index, kind in enumerate(spec.get("policyTypes") or []):
            if kind not in POLICY_TYPES:
                errors.unsupported(f"spec.policyTypes[{index}]", kind, POLICY_TYPES)


def _validate_port(port: Obj, place: str, errors: FieldErrors) -> None:
    number, end = port.get("port"), port.get("endPort")
    if end is None:
        return
    if not isinstance(number, int):
        errors.invalid(
            f"{place}.endPort",
            end,
            "may not be specified when `port` is not specified"
            if number is None
            else "may not be specified when `port` is non-numeric",
        )
    elif end < number:
        errors.invalid(f"{place}.endPort", number, "must be greater than or equal to `port`")


def _validate_peer(peer: Obj, place: str, errors: FieldErrors) -> None:
    block = peer.get("ipBlock")
    if not peer:
        errors.required(place, "must specify a peer")
    if block is None:
        return
    if len(peer) > 1:
        errors.forbidden(place, "may not specify both ipBlock and another peer")
    for path, text in [
        (f"{place}.ipBlock.cidr", block.get("cidr", "")),
        *((f"{place}.ipBlock.except[{i}]", one) for i, one in enumerate(block.get("except") or [])),
    ]:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError:
            errors.invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")


@rules_for("nodes")
class NodeRules(Rules):
    status_is_apart = True

    def prepare_create(self, cluster: Cluster, call: Call, obj: Obj) -> None:
        taints = obj.setdefault("spec", {}).setdefault("taints", [])
        if not any(one.get("key") == "node.kubernetes.io/not-ready" for one in taints):
            taints.append({"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"})

    def default(self, obj: Obj) -> None:
        spec = obj.get("spec") or {}
        if spec.get("podCIDR") and not spec.get("podCIDRs"):
            spec["podCIDRs"] = [spec["podCIDR"]]

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        for number, taint in enumerate((obj.get("spec") or {}).get("taints") or []):
            if taint.get("effect") not in TAINT_EFFECTS:
                errors.unsupported(f"metadata.taints[{number}].effect", taint.get("effect"), TAINT_EFFECTS)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        self.validate(obj, errors)  # the real server says it twice too
        new, known = obj.get("spec") or {}, old.get("spec") or {}
        if known.get("podCIDRs") and new.get("podCIDRs") != known["podCIDRs"]:
            errors.forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid')


@rules_for("endpointslices.discovery.k8s.io")
class EndpointSliceRules(Rules):
    has_generation = True
    status_is_apart = False
