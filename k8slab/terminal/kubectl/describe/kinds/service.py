"""Services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.kube.client import Obj
from k8slab.kube.errors import KubeError

from ...labelselectors import labels_line
from ..about import About
from ..endpoints import addresses_line, slices_of
from ..events import write_events
from ..metadata import write_head
from ..registry import describes
from ..text import Text


@describes("Service")
def describe(about: About, to: Text) -> None:
    spec = about.spec
    write_head(about, to)
    to.field("Selector", labels_line(spec.get("selector")))
    to.field("Type", spec.get("type", ""))
    _addresses(about, to)
    try:
        slices = slices_of(about, about.name)
    except KubeError:
        slices = []
    for port in spec.get("ports") or ():
        _port(to, port, slices)
    to.field("Session Affinity", spec.get("sessionAffinity", ""))
    for title, key in (
        ("External Traffic Policy", "externalTrafficPolicy"),
        ("Internal Traffic Policy", "internalTrafficPolicy"),
        ("HealthCheck NodePort", "healthCheckNodePort"),
    ):
        if spec.get(key):
            to.field(title, spec[key])
    if spec.get("loadBalancerSourceRanges"):
        to.field("LoadBalancer Source Ranges", ",".join(spec["loadBalancerSourceRanges"]))
    write_events(about, to)


def _addresses(about: About, to: Text) -> None:
    spec = about.spec
    if spec.get("ipFamilyPolicy") is not None:
        to.field("IP Family Policy", spec["ipFamilyPolicy"])
    to.field("IP Families", ",".join(spec.get("ipFamilies") or ()) or "<none>")
    to.field("IP", spec.get("clusterIP") or "")
    to.field("IPs", ",".join(spec["clusterIPs"]) if spec.get("clusterIPs") else "<none>")
    if spec.get("externalIPs"):
        to.field("External IPs", ",".join(spec["externalIPs"]))
    if spec.get("loadBalancerIP"):
        to.field("Desired LoadBalancer IP", spec["loadBalancerIP"])
    if spec.get("externalName"):
        to.field("External Name", spec["externalName"])
    ingress = (about.status.get("loadBalancer") or {}).get("ingress")
    if ingress:
        to.field("LoadBalancer Ingress", ", ".join(_entry(each) for each in ingress))


def _entry(each: Mapping[str, Any]) -> str:
    if not each.get("ip"):
        return str(each.get("hostname", ""))
    return f"{each['ip']} ({each['ipMode']})" if each.get("ipMode") is not None else str(each["ip"])


def _port(to: Text, port: Mapping[str, Any], slices: list[Obj]) -> None:
    name, protocol = port.get("name") or "<unset>", port.get("protocol", "")
    to.line(0, "Port:", name, f"{port.get('port', 0)}/{protocol}")
    to.field("TargetPort", f"{port.get('targetPort', 0)}/{protocol}")
    if port.get("nodePort"):
        to.line(0, "NodePort:", name, f"{port['nodePort']}/{protocol}")
    to.field("Endpoints", addresses_line(slices, port.get("name") or ""))
