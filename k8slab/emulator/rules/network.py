"""Ingress, IngressClass, NetworkPolicy."""

from __future__ import annotations

import ipaddress

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.rules.base import Rules, rules_for
from k8slab.emulator.validation.addresses import check_cidr, read_ip
from k8slab.emulator.validation.container import PROTOCOLS
from k8slab.emulator.validation.names import (
    PATH,
    label_problems,
    path_segment_problems,
    port_name_problems,
    subdomain_problems,
    wildcard_problems,
)
from k8slab.emulator.validation.probes import check_port_number
from k8slab.emulator.validation.selectors import validate_selector

PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
NOT_IN_PATHS = ("//", "/./", "/../", "%2f", "%2F")
NOT_AT_END = ("/..", "/.")
PORT_PROTOCOLS = ("TCP", "UDP", "SCTP")
POLICY_TYPES = ("Ingress", "Egress")
SCOPES = ("Cluster", "Namespace")
CLASS_ANNOTATION = "kubernetes.io/ingress.class"
LONGEST_CONTROLLER = 250
ONE_BACKEND = "cannot set both resource and service backends"


@rules_for("ingresses.networking.k8s.io")
class IngressRules(Rules):
    has_generation = True

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj.get("spec") or {}
        if not spec.get("rules") and not spec.get("defaultBackend"):
            errors.invalid("spec", spec.get("rules"), "either `defaultBackend` or `rules` must be specified")
        if spec.get("defaultBackend"):
            _validate_backend(spec["defaultBackend"], "spec.defaultBackend", errors)
        for index, rule in enumerate(spec.get("rules") or []):
            _validate_rule(rule, f"spec.rules[{index}]", errors)
        for index, tls in enumerate(spec.get("tls") or []):
            _validate_tls(tls, f"spec.tls[{index}]", errors)
        if spec.get("ingressClassName") is not None:
            for why in subdomain_problems(spec["ingressClassName"]):
                errors.invalid("spec.ingressClassName", spec["ingressClassName"], why)

    def validate_create(self, obj: Obj, errors: FieldErrors) -> None:
        told = (obj["metadata"].get("annotations") or {}).get(CLASS_ANNOTATION)
        name = (obj.get("spec") or {}).get("ingressClassName")
        if told is not None and name is not None and told != name:
            why = "must match `ingressClassName` when both are specified"
            errors.invalid(f"annotations.{CLASS_ANNOTATION}", told, why)


def _validate_rule(rule: Obj, place: str, errors: FieldErrors) -> None:
    host, http = rule.get("host", ""), rule.get("http")
    if host:
        if read_ip(host) is not None:
            errors.invalid(f"{place}.host", host, "must be a DNS name, not an IP address")
        _check_host(host, f"{place}.host", errors)
    if http is None:
        return
    if not http.get("paths"):
        errors.required(f"{place}.http.paths")
    for number, path in enumerate(http.get("paths") or []):
        _validate_path(path, f"{place}.http.paths[{number}]", errors)


def _check_host(host: str, path: str, errors: FieldErrors) -> None:
    for why in wildcard_problems(host) if "*" in host else subdomain_problems(host):
        errors.invalid(path, host, why)


def _validate_tls(tls: Obj, place: str, errors: FieldErrors) -> None:
    for index, host in enumerate(tls.get("hosts") or []):
        _check_host(host, f"{place}.hosts[{index}]", errors)
    for why in subdomain_problems(tls["secretName"]) if tls.get("secretName") else ():
        errors.invalid(f"{place}.secretName", tls["secretName"], why)


def _validate_path(path: Obj, place: str, errors: FieldErrors) -> None:
    kind, text = path.get("pathType"), path.get("path", "")
    if kind is None:
        errors.required(f"{place}.pathType", "pathType must be specified")
        return
    if kind not in PATH_TYPES:
        errors.unsupported(f"{place}.pathType", kind, PATH_TYPES)
    elif (kind != "ImplementationSpecific" or text) and not text.startswith("/"):
        errors.invalid(f"{place}.path", text, "must be an absolute path")
    if kind in ("Exact", "Prefix"):
        for part in NOT_IN_PATHS:
            if part in text:
                errors.invalid(f"{place}.path", text, f"must not contain '{part}'")
        for part in NOT_AT_END:
            if text.endswith(part):
                errors.invalid(f"{place}.path", text, f"cannot end with '{part}'")
    _validate_backend(path.get("backend") or {}, f"{place}.backend", errors)


def _validate_backend(backend: Obj, place: str, errors: FieldErrors) -> None:
    service, resource = backend.get("service"), backend.get("resource")
    if service is not None and resource is not None:
        errors.invalid(place, "", ONE_BACKEND)
    elif resource is not None:
        _check_reference(resource, f"{place}.resource", errors)
    elif service is not None:
        _check_service(service, place, errors)
    else:
        errors.invalid(place, "", "resource or service backend is required")


def _check_service(service: Obj, place: str, errors: FieldErrors) -> None:
    name, port = service.get("name", ""), service.get("port") or {}
    if not name:
        errors.required(f"{place}.service.name")
    for why in label_problems(name) if name else ():
        errors.invalid(f"{place}.service.name", name, why)
    if port.get("name") and port.get("number"):
        errors.invalid(place, "", "cannot set both port name & port number")
    elif port.get("name"):
        for why in port_name_problems(port["name"]):
            errors.invalid(f"{place}.service.port.name", port["name"], why)
    elif port.get("number"):
        check_port_number(port["number"], f"{place}.service.port.number", errors)
    else:
        errors.required(place, "port name or number is required")


def _check_reference(reference: Obj, place: str, errors: FieldErrors) -> None:
    """To an object of any kind."""
    if reference.get("apiGroup") is not None:
        for why in subdomain_problems(reference["apiGroup"]):
            errors.invalid(f"{place}.apiGroup", reference["apiGroup"], why)
    for name in ("kind", "name"):
        if not reference.get(name):
            errors.required(f"{place}.{name}")
        for why in path_segment_problems(reference.get(name) or ""):
            errors.invalid(f"{place}.{name}", reference[name], why)


@rules_for("ingressclasses.networking.k8s.io")
class IngressClassRules(Rules):
    has_generation = True
    status_is_apart = False

    def default(self, obj: Obj) -> None:
        parameters = (obj.get("spec") or {}).get("parameters")
        if parameters is not None:
            parameters.setdefault("scope", "Cluster")

    def validate(self, obj: Obj, errors: FieldErrors) -> None:
        spec = obj.get("spec") or {}
        controller, parameters = spec.get("controller", ""), spec.get("parameters")
        if not controller:
            errors.required("spec.controller")
        else:
            if len(controller) > LONGEST_CONTROLLER:
                errors.too_long("spec.controller", LONGEST_CONTROLLER)
            _check_prefixed(controller, "spec.controller", errors)
        if parameters is not None:
            _check_reference(parameters, "spec.parameters", errors)
            _check_scope(parameters, "spec.parameters", errors)

    def validate_update(self, obj: Obj, old: Obj, errors: FieldErrors) -> None:
        new, known = ((one.get("spec") or {}).get("controller") for one in (obj, old))
        if new != known:
            errors.invalid("spec.controller", new, "field is immutable")


def _check_prefixed(text: str, path: str, errors: FieldErrors) -> None:
    host, _, rest = text.partition("/")
    if not host or not rest:
        errors.invalid(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")')
        return
    for why in subdomain_problems(host):
        errors.invalid(path, host, why)
    if not PATH.match(rest):
        errors.invalid(path, rest, r"Invalid path (regex used for validation is '[A-Za-z0-9/\-._~%!$&'()*+,;=:]+')")


def _check_scope(parameters: Obj, place: str, errors: FieldErrors) -> None:
    scope, space = parameters.get("scope"), parameters.get("namespace")
    if scope not in SCOPES:
        errors.unsupported(f"{place}.scope", scope, SCOPES)
    elif scope == "Namespace" and space is None:
        errors.required(f"{place}.namespace", "`parameters.scope` is set to 'Namespace'")
    elif scope == "Namespace":
        for why in label_problems(space or ""):
            errors.invalid(f"{place}.namespace", space, why)
    elif space is not None:
        errors.forbidden(f"{place}.namespace", "`parameters.scope` is set to 'Cluster'")


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
        kinds = spec.get("policyTypes") or []
        if len(kinds) > len(POLICY_TYPES):
            errors.invalid("spec.policyTypes", kinds, "may not specify more than two policyTypes")
            return
        for index, kind in enumerate(kinds):
            if kind not in POLICY_TYPES:
                errors.unsupported(f"spec.policyTypes[{index}]", kind, POLICY_TYPES)


def _validate_port(port: Obj, place: str, errors: FieldErrors) -> None:
    number, end = port.get("port"), port.get("endPort")
    if port.get("protocol", "TCP") not in PROTOCOLS:
        errors.unsupported(f"{place}.protocol", port["protocol"], PORT_PROTOCOLS)
    if isinstance(number, int):
        check_port_number(number, f"{place}.port", errors)
        if end is not None:
            if end < number:
                errors.invalid(f"{place}.endPort", number, "must be greater than or equal to `port`")
            check_port_number(end, f"{place}.endPort", errors)
    elif number is not None:
        if end is not None:
            errors.invalid(f"{place}.endPort", end, "may not be specified when `port` is non-numeric")
        for why in port_name_problems(number):
            errors.invalid(f"{place}.port", number, why)
    elif end is not None:
        errors.invalid(f"{place}.endPort", end, "may not be specified when `port` is not specified")


def _validate_peer(peer: Obj, place: str, errors: FieldErrors) -> None:
    for name in ("podSelector", "namespaceSelector"):
        validate_selector(peer.get(name) or {}, f"{place}.{name}", errors)
    block = peer.get("ipBlock")
    if block is not None:
        _validate_block(block, f"{place}.ipBlock", errors)
    if not peer:
        errors.required(place, "must specify a peer")
    elif len(peer) > 1 and block is not None:
        errors.forbidden(place, "may not specify both ipBlock and another peer")


def _validate_block(block: Obj, place: str, errors: FieldErrors) -> None:
    whole = block.get("cidr", "")
    if not whole:
        errors.required(f"{place}.cidr")
        return
    if not check_cidr(whole, f"{place}.cidr", errors):
        return
    network = ipaddress.ip_network(whole)
    for index, part in enumerate(block.get("except") or []):
        if check_cidr(part, f"{place}.except[{index}]", errors):
            inner = ipaddress.ip_network(part)
            inside = inner.version == network.version and inner.network_address in network
            if not inside or network.prefixlen >= inner.prefixlen:
                errors.invalid(f"{place}.except[{index}]", part, "must be a strict subset of `cidr`")
