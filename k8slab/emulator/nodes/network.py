"""The network between simulated processes: addresses, listening ports, Services and names.

Connections are calls: a process that listens gives a server object, and a client's request is answered by it. What is
modelled is what a student can see: who answers, refused, timed out, no such name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from k8slab.emulator.clock import Clock
from k8slab.emulator.controllers.cache import Cache
from k8slab.emulator.nodes.dns import SERVER, Answer, Names, Resolver, Srv
from k8slab.emulator.nodes.policy import Policies
from k8slab.emulator.nodes.services import Client, Dropped, NoEndpoints, Services


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
        self.services = Services(cache, clock)
        self._names = Names(cache)
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

    # Names

    def has_dns(self, source: Host) -> bool:
        """Whether the cluster's DNS server hears that host: it asks there, its node and the policies let it."""
        asks = SERVER in source.resolver.servers
        return asks and source.node not in self._cut and self._policies.allow_dns(source.pod_key)

    def resolve(self, source: Host, name: str) -> list[str]:
        """Addresses of a name as that host's resolver finds them; empty where there is no such name."""
        known = self._names.without_server(source.resolver, name)
        if known or not self.has_dns(source):
            return known
        answers = (self._names.look_up(candidate) for candidate in source.resolver.candidates(name))
        return next((list(answer.addresses) for answer in answers if answer is not None and answer.addresses), [])

    def look_up(self, source: Host, name: str) -> Answer | None:
        """A full name, asked of the server; None where there is no such name."""
        return self._names.look_up(name) if self.has_dns(source) else None

    def look_up_srv(self, source: Host, name: str) -> list[Srv]:
        return self._names.look_up_srv(name) if self.has_dns(source) else []

    # Connections

    def connect(self, source: Host, ip: str, port: int) -> Server:
        """The server that a connection from there reaches."""
        if ip.startswith("127.") or ip in (source.ip, "::1"):
            return self._at(source, port)
        ip, port = self._forwarded(source, ip, port)
        host = self._hosts.get(ip)
        if host is None or not self._is_between(source, host):
            raise TimedOut
        # A node reaches its own pods whatever the policies say: probes come from there.
        is_own_node = not source.pod_key and source.node == host.node
        if not is_own_node and not self._policies.allow(source.pod_key, source.ip, host.pod_key, ip, port):
            raise TimedOut
        return self._at(host, port)

    def _forwarded(self, source: Host, ip: str, port: int) -> tuple[str, int]:
        """The endpoint behind a Service's address or a node's port; anything else is itself."""
        through = self._hosts.get(ip)
        if through is not None and not self._is_between(source, through):
            raise TimedOut
        try:
            endpoint = self.services.route(ip, port, Client(source.ip, source.node))
        except NoEndpoints as error:
            raise Refused from error
        except Dropped as error:
            raise TimedOut from error
        return (endpoint.ip, endpoint.port) if endpoint is not None else (ip, port)

    @staticmethod
    def _at(host: Host, port: int) -> Server:
        server = host.ports.get(port)
        if server is None:
            raise Refused
        return server
