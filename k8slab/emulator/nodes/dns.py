"""The cluster's DNS: names of Services, of pods behind headless Services, and of pods by address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from k8slab.emulator.controllers.cache import Cache, key_of
from k8slab.emulator.controllers.endpointslice import SLICES
from k8slab.emulator.nodes.services import service_of
from k8slab.emulator.ports import Obj

DOMAIN = "cluster.local"
SERVER = "10.96.0.10"
POD_NAME = re.compile(r"^(\d{1,3}(?:-\d{1,3}){3})$")
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


@dataclass(frozen=True, slots=True)
class Answer:
    """One record: `canonical` for a CNAME, else an address."""

    name: str
    addresses: tuple[str, ...]
    canonical: str = ""


class Names:
    def __init__(self, cache: Cache) -> None:
        self._services = cache.of("services")
        self._slices = cache.of(SLICES)
        self._namespaces = cache.of("namespaces")
        self._slices.index("service", service_of)

    def resolve(self, resolver: Resolver, namespace: str, name: str) -> list[str]:
        if ADDRESS.match(name):
            return [name]
        if name in ("localhost", "localhost."):
            return ["127.0.0.1"]
        if name in resolver.hosts:
            return [resolver.hosts[name]]
        for candidate in resolver.candidates(name):
            answer = self.look_up(candidate)
            if answer is not None and answer.addresses:
                return list(answer.addresses)
        return []

    def look_up(self, name: str, depth: int = 0) -> Answer | None:
        """A full name; None where there is no such name."""
        name = name.rstrip(".").lower()
        if not name.endswith(f".{DOMAIN}") or depth > 8:
            return None
        parts = name.removesuffix(f".{DOMAIN}").split(".")
        if len(parts) < 3:
            return None
        *host, service, namespace, kind = parts
        if kind == "pod" and not host:
            return self._pod(name, service, namespace)
        if kind != "svc":
            return None
        found = self._services.get(f"{namespace}/{service}")
        if found is None:
            return None
        return self._service(name, found, host, depth)

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
