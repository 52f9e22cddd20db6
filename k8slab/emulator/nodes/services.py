"""Services as nodes forward them: round robin over the endpoints of a cluster IP, or of a node's port."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any, NamedTuple

from k8slab.emulator.clock import Clock
from k8slab.emulator.controllers.cache import Cache, key_of
from k8slab.emulator.controllers.endpointslice import SERVICE_NAME, SLICES
from k8slab.emulator.ports import Obj

STICKY, STICKY_SECONDS = "ClientIP", 10800
STUCK_LIMIT = 4096


class NoEndpoints(Exception):
    """The port is a Service's, and nobody is behind it: rejected."""


class Dropped(Exception):
    """Nobody who may answer: the port is not the Service's, or its policy wants an endpoint on this very node."""


class Endpoint(NamedTuple):
    ip: str
    port: int
    node: str


class Client(NamedTuple):
    ip: str
    node: str


def _addresses(service: Obj) -> list[str]:
    return [*_inner_addresses(service), *_outer_addresses(service)]


def _inner_addresses(service: Obj) -> list[str]:
    spec = service["spec"]
    return [ip for ip in (spec.get("clusterIPs") or [spec.get("clusterIP")]) if ip and ip != "None"]


def _outer_addresses(service: Obj) -> list[str]:
    return [*_balanced_addresses(service), *(service["spec"].get("externalIPs") or ())]


def _balanced_addresses(service: Obj) -> list[str]:
    balancer = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    return [entry["ip"] for entry in balancer if entry.get("ip")]


def _is_let_in(service: Obj, client: Client) -> bool:
    """By the balancer's source ranges; without any, all are."""
    ranges = service["spec"].get("loadBalancerSourceRanges") or ()
    address = ipaddress.ip_address(client.ip)
    return not ranges or any(address in ipaddress.ip_network(one.strip(), strict=False) for one in ranges)


def _node_ports(service: Obj) -> list[str]:
    return [str(port["nodePort"]) for port in service["spec"].get("ports") or () if port.get("nodePort")]


def service_of(slice_: Obj) -> list[str]:
    meta = slice_["metadata"]
    name = (meta.get("labels") or {}).get(SERVICE_NAME)
    return [f"{meta['namespace']}/{name}"] if name else []


def _node_addresses(node: Obj) -> list[str]:
    return [a["address"] for a in (node.get("status") or {}).get("addresses") or () if a["type"] != "Hostname"]


class Services:
    def __init__(self, cache: Cache, clock: Clock) -> None:
        self._clock = clock
        self._services = cache.of("services")
        self._slices = cache.of(SLICES)
        self._nodes = cache.of("nodes")
        self._services.index("address", _addresses)
        self._services.index("node-port", _node_ports)
        self._slices.index("service", service_of)
        self._nodes.index("address", _node_addresses)
        self._turn: dict[str, int] = {}
        self._stuck: dict[tuple[str, str], tuple[Endpoint, float]] = {}

    def node_at(self, ip: str) -> str:
        """The name of the node with this address, or nothing."""
        return next((node["metadata"]["name"] for node in self._nodes.by("address", ip)), "")

    def route(self, ip: str, port: int, client: Client) -> Endpoint | None:
        """Where a connection to a Service's address or a node's port goes; None where it is no Service's. Raises
        NoEndpoints or Dropped."""
        at_address = self._services.by("address", ip)
        for service in at_address:
            if ip in _balanced_addresses(service) and not _is_let_in(service, client):
                raise Dropped
            for service_port in service["spec"].get("ports") or ():
                if service_port["port"] == port:
                    inner = service["spec"].get("internalTrafficPolicy") == "Local" and ip in _inner_addresses(service)
                    return self._pick(service, service_port, client, inner, client.node)
        if at_address:
            raise Dropped
        node = self.node_at(ip)
        for service in self._services.by("node-port", str(port)) if node else ():
            for service_port in service["spec"].get("ports") or ():
                if service_port.get("nodePort") == port:
                    # What comes from that node itself is inside traffic, and the policy for the outside is not asked.
                    local = client.node != node and service["spec"].get("externalTrafficPolicy") == "Local"
                    return self._pick(service, service_port, client, local, node)
        return None

    def _pick(self, service: Obj, port: Mapping[str, Any], client: Client, local: bool, node: str) -> Endpoint:
        ready = self.ready(service, port)
        if not ready:
            raise NoEndpoints
        if local:
            ready = [endpoint for endpoint in ready if endpoint.node == node]
            if not ready:
                raise Dropped
        key = f"{key_of(service)}:{port['port']}"
        if service["spec"].get("sessionAffinity") == STICKY:
            return self._sticky(service, key, ready, client)
        return self._next(key, ready)

    def _next(self, key: str, ready: list[Endpoint]) -> Endpoint:
        turn = self._turn.get(key, 0)
        self._turn[key] = turn + 1
        return ready[turn % len(ready)]

    def _sticky(self, service: Obj, key: str, ready: list[Endpoint], client: Client) -> Endpoint:
        """The endpoint of the last connection from this address, until that is too long ago."""
        config = (service["spec"].get("sessionAffinityConfig") or {}).get("clientIP") or {}
        now, seconds = self._clock.now(), config.get("timeoutSeconds") or STICKY_SECONDS
        held, since = self._stuck.pop((key, client.ip), (None, 0.0))
        chosen = held if held is not None and held in ready and now - since < seconds else self._next(key, ready)
        self._stuck[key, client.ip] = (chosen, now)
        if len(self._stuck) > STUCK_LIMIT:
            del self._stuck[next(iter(self._stuck))]  # the one that was quiet for longest
        return chosen

    def pick_ready(self, service: Obj, port: Mapping[str, Any]) -> Endpoint:
        """The next endpoint of a port, as a proxy of its own chooses."""
        ready = self.ready(service, port)
        if not ready:
            raise NoEndpoints
        return self._next(f"{key_of(service)}:{port['port']}", ready)

    def ready(self, service: Obj, port: Mapping[str, Any]) -> list[Endpoint]:
        """Those that are ready; where there are none, those that still serve while they end."""
        found: list[Endpoint] = []
        ending: list[Endpoint] = []
        for slice_ in self._slices.by("service", key_of(service)):
            name = port.get("name") or ""
            number = next((p["port"] for p in slice_.get("ports") or () if (p.get("name") or "") == name), None)
            if number is None:
                continue
            for endpoint in slice_.get("endpoints") or ():
                state, node = endpoint.get("conditions") or {}, endpoint.get("nodeName", "")
                if state.get("ready") is not False:
                    found += [Endpoint(address, number, node) for address in endpoint["addresses"]]
                elif state.get("serving") and state.get("terminating"):
                    ending += [Endpoint(address, number, node) for address in endpoint["addresses"]]
        return found or ending
