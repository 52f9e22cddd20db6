"""Endpoints and endpoint slices."""

from __future__ import annotations

from ..about import About
from ..events import write_events
from ..metadata import write_head
from ..registry import describes
from ..text import Text

UNSET = "<unset>"


@describes("Endpoints")
def describe(about: About, to: Text) -> None:
    write_head(about, to)
    to.write(0, "Subsets:\n")
    for subset in about.obj.get("subsets") or ():
        for title, key in (("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")):
            to.field(title, ",".join(each.get("ip", "") for each in subset.get(key) or ()) or "<none>", 1)
        ports = subset.get("ports") or ()
        if ports:
            to.line(1, "Ports:")
            to.line(2, "Name", "Port", "Protocol")
            to.line(2, "----", "----", "--------")
        for port in ports:
            to.line(2, port.get("name") or UNSET, str(port.get("port", 0)), port.get("protocol", ""))
        to.write(0, "\n")
    write_events(about, to)


@describes("EndpointSlice", "discovery.k8s.io")
def describe_slice(about: About, to: Text) -> None:
    write_head(about, to)
    to.field("AddressType", about.obj.get("addressType", ""))
    ports = about.obj.get("ports") or ()
    to.write(0, "Ports:\n" if ports else "Ports: <unset>\n")
    if ports:
        to.line(1, "Name", "Port", "Protocol")
        to.line(1, "----", "----", "--------")
    for port in ports:
        to.line(1, port.get("name") or UNSET, str(port.get("port") or UNSET), port.get("protocol", ""))
    endpoints = about.obj.get("endpoints") or ()
    to.write(0, "Endpoints:\n" if endpoints else "Endpoints: <none>\n")
    for endpoint in endpoints:
        to.field("- Addresses", ", ".join(endpoint.get("addresses") or ()) or "<none>", 1)
        to.line(2, "Conditions:")
        ready = (endpoint.get("conditions") or {}).get("ready")
        to.field("Ready", UNSET if ready is None else str(ready).lower(), 3)
        to.field("Hostname", endpoint.get("hostname", UNSET), 2)
        target = endpoint.get("targetRef")
        if target:
            to.field("TargetRef", f"{target.get('kind', '')}/{target.get('name', '')}", 2)
        to.field("NodeName", endpoint.get("nodeName", UNSET), 2)
        to.field("Zone", endpoint.get("zone", UNSET), 2)
    write_events(about, to)
