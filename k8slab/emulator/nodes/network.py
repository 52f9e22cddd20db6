"""The network between simulated processes: addresses, listening ports, Services and names.

Connections are calls: a process that listens gives a server object, and a client's request is answered by it. What is
modelled is what a student can see: who answers, refused, timed out, no such name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from k8slab.emulator.clock import Clock
from k8slab.emulator.controllers.cache import Cache
from k8slab.emulator.nodes.dns import Names, Resolver
from k8slab.emulator.nodes.policy import Policies
from k8slab.emulator.nodes.services import Services


class Refused(Exception):
    """Nobody listens there."""


class TimedOut(Exception):
    """No answer comes: no such address, no endpoint, or a policy drops the packets."""


@dataclass
class Request:
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    client: str = ""
    port: int = 0


@dataclass
class Response:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Server(Protocol):
    """What listens at a port. `greeting` is what it says first to a bare TCP client."""

    greeting: bytes

    async def answer(self, request: Request) -> Response | None:
        """None where it does not speak HTTP."""

    async def talk(self, data: bytes) -> bytes:
        """The answer to bytes of its own protocol."""


@dataclass
class Host:
    """One address with its ports: a pod's network, shared by its containers, on a node."""

    ip: str
    network: Network
    node: str
    namespace: str = ""
    pod_key: str = ""
    ports: dict[int, Server] = field(default_factory=dict)
    resolver: Resolver = field(default_factory=Resolver)

    def listen(self, port: int, server: Server) -> bool:
        """False where the port is taken."""
        if port in self.ports:
            return False
        self.ports[port] = server
        return True

    def stop_listening(self, port: int, server: Server) -> None:
        if self.ports.get(port) is server:
            del self.ports[port]


class Network:
    def __init__(self, cache: Cache, clock: Clock) -> None:
        self.clock = clock
        self._hosts: dict[str, Host] = {}
        self.services = Services(cache)
        self.names = Names(cache)
        self._policies = Policies(cache)
        self._cut: set[str] = set()

    def cut(self, node: str) -> None:
        """From now on only what is on that node reaches what is on that node."""
        self._cut.add(node)

    def reconnect(self, node: str) -> None:
        self._cut.discard(node)

    def _is_between(self, source: Host, target: Host) -> bool:
        return source.node == target.node or not self._cut & {source.node, target.node}

    def join(self, host: Host) -> None:
        self._hosts[host.ip] = host

    def leave(self, host: Host) -> None:
        if self._hosts.get(host.ip) is host:
            del self._hosts[host.ip]

    def answers_ping(self, source: Host, ip: str) -> bool:
        """Whether a pod or node has this address and can be reached from there."""
        host = self._hosts.get(ip)
        return host is not None and self._is_between(source, host)

    def resolve(self, source: Host, name: str) -> list[str]:
        """Addresses of a name as that host's resolver finds them; empty where there is no such name."""
        return self.names.resolve(source.resolver, source.namespace, name)

    def connect(self, source: Host, ip: str, port: int) -> Server:
        """The server that a connection from there reaches."""
        if ip.startswith("127.") or ip in (source.ip, "::1"):
            return self._at(source, port)
        target = self.services.route(ip, port, source.ip)
        if target is None:
            if self.services.is_cluster_ip(ip):
                if self.services.has_port(ip, port):
                    raise Refused  # a Service without endpoints rejects
                raise TimedOut
            target = (ip, port)
        host = self._hosts.get(target[0])
        if host is None or not self._is_between(source, host):
            raise TimedOut
        if not self._policies.allow(source.pod_key, source.ip, host.pod_key, target[1]):
            raise TimedOut
        return self._at(host, target[1])

    @staticmethod
    def _at(host: Host, port: int) -> Server:
        server = host.ports.get(port)
        if server is None:
            raise Refused
        return server
