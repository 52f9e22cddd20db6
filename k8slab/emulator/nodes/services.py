"""Services as nodes forward them: round robin over the ready endpoints of a cluster IP, or of a node's port."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.emulator.controllers.cache import Cache, key_of
from k8slab.emulator.controllers.endpointslice import SERVICE_NAME, SLICES
from k8slab.emulator.ports import Obj

STICKY = "ClientIP"


def _addresses(service: Obj) -> list[str]:
    spec = service["spec"]
    found = [ip for ip in (spec.get("clusterIPs") or [spec.get("clusterIP")]) if ip and ip != "None"]
    balancer = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    return [*found, *(entry["ip"] for entry in balancer if entry.get("ip")), *(spec.get("externalIPs") or ())]


def _node_ports(service: Obj) -> list[str]:
    return [str(port["nodePort"]) for port in service["spec"].get("ports") or () if port.get("nodePort")]


def service_of(slice_: Obj) -> list[str]:
    meta = slice_["metadata"]
    name = (meta.get("labels") or {}).get(SERVICE_NAME)
    return [f"{meta['namespace']}/{name}"] if name else []


def _node_addresses(node: Obj) -> list[str]:
    return [a["address"] for a in (node.get("status") or {}).get("addresses") or () if a["type"] != "Hostname"]


class Services:
    def __init__(self, cache: Cache) -> None:
        self._services = cache.of("services")
        self._slices = cache.of(SLICES)
        self._nodes = cache.of("nodes")
        self._services.index("address", _addresses)
        self._services.index("node-port", _node_ports)
        self._slices.index("service", service_of)
        self._nodes.index("address", _node_addresses)
        self._turn: dict[str, int] = {}
        self._stuck: dict[tuple[str, str], tuple[str, int]] = {}

    def is_cluster_ip(self, ip: str) -> bool:
        return bool(self._services.by("address", ip))

    def has_port(self, ip: str, port: int) -> bool:
        return any(p["port"] == port for s in self._services.by("address", ip) for p in s["spec"].get("ports") or ())

    def route(self, ip: str, port: int, client: str) -> tuple[str, int] | None:
        """Where a connection to a Service's address goes; None where it is no Service's, or nobody is ready."""
        for service in self._services.by("address", ip):
            for service_port in service["spec"].get("ports") or ():
                if service_port["port"] == port:
                    return self._pick(service, service_port, client)
        if self._nodes.by("address", ip):
            for service in self._services.by("node-port", str(port)):
                for service_port in service["spec"].get("ports") or ():
                    if service_port.get("nodePort") == port:
                        return self._pick(service, service_port, client)
        return None

    def _pick(self, service: Obj, port: Mapping[str, Any], client: str) -> tuple[str, int] | None:
        ready = self.ready(service, port)
        key = f"{key_of(service)}:{port['port']}"
        if not ready:
            return None
        if service["spec"].get("sessionAffinity") == STICKY:
            held = self._stuck.get((key, client))
            if held in ready:
                return held
        turn = self._turn.get(key, 0)
        self._turn[key] = turn + 1
        chosen = ready[turn % len(ready)]
        if service["spec"].get("sessionAffinity") == STICKY:
            self._stuck[key, client] = chosen
        return chosen

    def ready(self, service: Obj, port: Mapping[str, Any]) -> list[tuple[str, int]]:
        found = []
        for slice_ in self._slices.by("service", key_of(service)):
            number = next(
                (p["port"] for p in slice_.get("ports") or () if (p.get("name") or "") == (port.get("name") or "")),
                None,
            )
            if number is None:
                continue
            for endpoint in slice_.get("endpoints") or ():
                if (endpoint.get("conditions") or {}).get("ready") is not False:
                    found += [(address, number) for address in endpoint["addresses"]]
        return found
