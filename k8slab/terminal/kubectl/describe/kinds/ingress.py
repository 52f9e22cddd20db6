"""Ingresses and their classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.kube.errors import KubeError

from ..about import About
from ..endpoints import addresses_line, slices_of
from ..events import write_events
from ..metadata import write_annotations, write_labels, write_marks
from ..registry import describes
from ..text import Text

Map = Mapping[str, Any]


@describes("Ingress", "networking.k8s.io")
def describe(about: About, to: Text) -> None:
    spec = about.spec
    to.field("Name", about.name)
    write_labels(to, "Labels", about.metadata.get("labels"))
    to.field("Namespace", about.namespace)
    entries = (about.status.get("loadBalancer") or {}).get("ingress") or ()
    to.field("Address", ",".join(sorted({each.get("ip") or each.get("hostname") or "" for each in entries} - {""})))
    to.field("Ingress Class", spec.get("ingressClassName", "<none>"))
    default = _backend(about, spec["defaultBackend"]) if spec.get("defaultBackend") else "<default>"
    to.field("Default backend", default)
    if spec.get("tls"):
        to.write(0, "TLS:\n")
    for each in spec.get("tls") or ():
        hosts = ",".join(each.get("hosts") or ())
        secret = each.get("secretName")
        to.line(1, f"{secret} terminates {hosts}" if secret else f"SNI routes {hosts}")
    _rules(about, to, default)
    write_annotations(to, "Annotations", about.metadata.get("annotations"))
    write_events(about, to)


def _rules(about: About, to: Text, default: str) -> None:
    to.write(0, "Rules:\n  Host\tPath\tBackends\n")
    to.line(1, "----", "----", "--------")
    rules = [rule for rule in about.spec.get("rules") or () if rule.get("http") is not None]
    for rule in rules:
        to.line(1, rule.get("host") or "*", "")
        for path in rule["http"].get("paths") or ():
            to.line(2, "", f"{path.get('path', '')} ", _backend(about, path.get("backend") or {}))
    if not rules:
        to.line(1, "*", "*", default)


def _backend(about: About, backend: Map) -> str:
    service, resource = backend.get("service"), backend.get("resource")
    if service:
        port = service.get("port") or {}
        name = f"{service.get('name')}:{port.get('number') or port.get('name') or ''}"
        return f"{name} ({_behind(about, str(service.get('name')), port)})"
    if resource:
        group = resource.get("apiGroup", "<none>")
        return f"APIGroup: {group}, Kind: {resource.get('kind')}, Name: {resource.get('name')}"
    return ""


def _behind(about: About, name: str, port: Map) -> str:
    try:
        slices = slices_of(about, name)
        service = about.invocation.client.get("v1", "Service", name, about.namespace)
    except KubeError as error:
        return f"<error: {error.message}>"
    wanted = ""
    for each in (service.get("spec") or {}).get("ports") or ():
        if (port.get("number") and port["number"] == each.get("port")) or (
            port.get("name") and port["name"] == each.get("name")
        ):
            wanted = str(each.get("name") or "")
    return addresses_line(slices, wanted)


@describes("IngressClass", "networking.k8s.io")
def describe_class(about: About, to: Text) -> None:
    to.field("Name", about.name)
    write_marks(about, to)
    to.field("Controller", about.spec.get("controller", ""))
    parameters = about.spec.get("parameters")
    if parameters:
        to.write(0, "Parameters:\n")
        if parameters.get("apiGroup") is not None:
            to.field("APIGroup", parameters["apiGroup"], 1)
        to.field("Kind", parameters.get("kind", ""), 1)
        to.field("Name", parameters.get("name", ""), 1)
    write_events(about, to)
