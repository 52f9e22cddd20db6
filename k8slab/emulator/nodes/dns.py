"""The cluster's DNS: names of Services, of pods behind headless Services, and of pods by address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from k8slab.emulator.controllers.cache import Cache, key_of
from k8slab.emulator.controllers.endpointslice import SLICES
from k8slab.emulator.nodes.services import service_of
from k8slab.emulator.ports import Obj

DOMAIN = "cluster.local"
SERVER = "10.96.0.10"
POD_NAME = re.compile(r"^(\d{1,3}(?:-\d{1,3}){3})$")
MAX_ALIASES = 8
ADDRESS = re.compile(r"^\d{1,3}(\.\d{1,3}){3}$")


@dataclass(frozen=True)
class Resolver:
    """A pod's resolv.conf, and its hosts file."""

    search: tuple[str, ...] = ()
    ndots: int = 5
    servers: tuple[str, ...] = (SERVER,)
    hosts: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        lines = [f"search {' '.join(self.search)}"] if self.search else []
        lines += [f"nameserver {server}" for server in self.servers]
        return "\n".join([*lines, f"options ndots:{self.ndots}"]) + "\n"

    def candidates(self, name: str) -> list[str]:
        """The names that are tried, in order."""
        if name.endswith("."):
            return [name.rstrip(".")]
        searched = [f"{name}.{domain}" for domain in self.search]
        return [name, *searched] if name.count(".") >= self.ndots else [*searched, name]


class Answer(NamedTuple):
    """One record: `canonical` for a CNAME, else an address."""

    name: str
    addresses: tuple[str, ...]
    canonical: str = ""


class Srv(NamedTuple):
    """A port and the name of who has it."""

    port: int
    target: str
    addresses: tuple[str, ...]


class Names:
    def __init__(self, cache: Cache) -> None:
        self._services = cache.of("services")
        self._slices = cache.of(SLICES)
        self._namespaces = cache.of("namespaces")
        self._slices.index("service", service_of)

    @staticmethod
    def without_server(resolver: Resolver, name: str) -> list[str]:
        """What needs no DNS: addresses, and the hosts file."""
        if ADDRESS.match(name):
            return [name]
        if name in ("localhost", "localhost."):
            return ["127.0.0.1"]
        return [resolver.hosts[name]] if name in resolver.hosts else []

    def look_up(self, name: str, depth: int = 0) -> Answer | None:
        """A full name; None where there is no such name."""
        name = name.rstrip(".").lower()
        parts = _parts(name)
        if len(parts) < 3 or depth > MAX_ALIASES:
            return None
        *host, service, namespace, kind = parts
        if kind == "pod" and not host:
            return self._pod(name, service, namespace)
        found = self._services.get(f"{namespace}/{service}") if kind == "svc" else None
        return None if found is None else self._service(name, found, host, depth)

    def look_up_srv(self, name: str) -> list[Srv]:
        """`_port._protocol.service.namespace.svc`, or the Service's name alone for all its named ports."""
        name = name.rstrip(".").lower()
        *wanted, service, namespace, kind = _parts(name) or ["", "", ""]
        found = self._services.get(f"{namespace}/{service}") if kind == "svc" else None
        if found is None or found["spec"].get("type") == "ExternalName" or len(wanted) not in (0, 2):
            return []
        ports = [port for port in found["spec"].get("ports") or () if not wanted or _is_asked(port, wanted)]
        zone = f"{service}.{namespace}.svc.{DOMAIN}"
        if found["spec"].get("clusterIP") != "None":
            return [Srv(port["port"], zone, (found["spec"]["clusterIP"],)) for port in ports]
        numbers = self._target_ports(found)
        return [
            Srv(numbers[port.get("name") or ""], f"{label}.{zone}", (ip,))
            for port in ports
            if (port.get("name") or "") in numbers
            for label, ip in self._members(found)
        ]

    def _target_ports(self, service: Obj) -> dict[str, int]:
        slices = self._slices.by("service", key_of(service))
        return {port.get("name") or "": port["port"] for slice_ in slices for port in slice_.get("ports") or ()}

    def _pod(self, name: str, dashed: str, namespace: str) -> Answer | None:
        match = POD_NAME.match(dashed)
        if not match or self._namespaces.get(namespace) is None:
            return None
        return Answer(name, (dashed.replace("-", "."),))

    def _service(self, name: str, service: Obj, host: list[str], depth: int) -> Answer | None:
        spec = service["spec"]
        if spec.get("type") == "ExternalName":
            target = self.look_up(spec["externalName"], depth + 1)
            return Answer(name, target.addresses if target else (), spec["externalName"])
        if spec.get("clusterIP") != "None":
            return Answer(name, (spec["clusterIP"],)) if not host and spec.get("clusterIP") else None
        addresses = [ip for label, ip in self._members(service) if not host or [label] == host]
        return Answer(name, tuple(addresses)) if addresses else None

    def _members(self, service: Obj) -> Iterator[tuple[str, str]]:
        """Name and address of each ready endpoint of a headless Service."""
        for slice_ in self._slices.by("service", key_of(service)):
            for endpoint in slice_.get("endpoints") or ():
                if (endpoint.get("conditions") or {}).get("ready") is False:
                    continue
                for address in endpoint["addresses"]:
                    yield endpoint.get("hostname") or address.replace(".", "-"), address


def _parts(name: str) -> list[str]:
    """The labels before the cluster's domain; none for a name from elsewhere."""
    return name.removesuffix(f".{DOMAIN}").split(".") if name.endswith(f".{DOMAIN}") else []


def _is_asked(port: Mapping[str, Any], wanted: list[str]) -> bool:
    name, protocol = wanted
    return name == f"_{port.get('name') or ''}" and protocol == f"_{port.get('protocol', 'TCP').lower()}"
