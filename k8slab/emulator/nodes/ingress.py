"""The `nginx` ingress controller: one address at which requests are routed by host and path, to ready endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from k8slab.emulator.controllers.cache import key_of, split_key
from k8slab.emulator.controllers.desk import Desk
from k8slab.emulator.nodes.listen import PHRASES, render
from k8slab.emulator.nodes.network import Host, Network, Refused, Request, Response, TimedOut
from k8slab.emulator.nodes.podnet import INGRESS_ADDRESS
from k8slab.emulator.nodes.services import NoEndpoints
from k8slab.emulator.ports import Obj

ADDRESS = INGRESS_ADDRESS
INGRESSES, CLASSES = "ingresses.networking.k8s.io", "ingressclasses.networking.k8s.io"
CLASS, CONTROLLER = "nginx", "k8s.io/ingress-nginx"
OLD_CLASS = "kubernetes.io/ingress.class"
ANNOTATION = "nginx.ingress.kubernetes.io/"
PASSED_ON = ("X-Real-IP", "X-Forwarded-For")


@dataclass(frozen=True)
class Rule:
    """One path of one host; the more particular comes first."""

    ingress: Obj
    host: str
    path: str
    exact: bool
    backend: Mapping[str, Any]

    @property
    def annotations(self) -> Mapping[str, str]:
        return self.ingress["metadata"].get("annotations") or {}

    @property
    def target(self) -> str:
        return self.annotations.get(ANNOTATION + "rewrite-target", "")

    @property
    def is_pattern(self) -> bool:
        return bool(self.target) or self.annotations.get(ANNOTATION + "use-regex") == "true"

    def matches(self, path: str) -> bool:
        if self.is_pattern:
            return _pattern(self.path).match(path) is not None
        if self.exact:
            return path == self.path
        whole = self.path.rstrip("/")
        return path == whole or path.startswith(whole + "/")

    def rewritten(self, path: str) -> str:
        found = _pattern(self.path).match(path) if self.target else None
        if found is None:
            return path
        return re.sub(r"\$(\d)", lambda digit: _group(found, int(digit[1])), self.target)


def _group(found: re.Match[str], number: int) -> str:
    return (found[number] or "") if number <= (found.re.groups or 0) else ""


def _pattern(path: str) -> re.Pattern[str]:
    try:
        return re.compile(path, re.IGNORECASE)
    except re.error:
        return re.compile(re.escape(path))


class IngressController:
    """Listens at its address, and writes that address into the status of the Ingresses of its class."""

    greeting = b""

    def __init__(self, desk: Desk, network: Network) -> None:
        self._api, self._network = desk.api, network
        self._services = desk.cache.of("services")
        self._classes = desk.cache.of(CLASSES)
        self._ingresses = desk.cache.of(INGRESSES)
        self._events = desk.events("nginx-ingress-controller")
        self._queue = desk.queue("ingress", self._reconcile)
        self._host = Host(ADDRESS, network, "")
        for port in (80, 443):
            self._host.listen(port, self)
        network.join(self._host)
        if self._classes.get(CLASS) is None:
            self._api.create(CLASSES, {"metadata": {"name": CLASS}, "spec": {"controller": CONTROLLER}})
        self._ingresses.on_change(lambda change: self._queue.add(key_of(change.new)))
        self._classes.on_change(lambda _: self._all())

    def _all(self) -> None:
        for ingress in self._ingresses.all():
            self._queue.add(key_of(ingress))

    def _reconcile(self, key: str) -> None:
        ingress = self._ingresses.get(key)
        if ingress is None or not self._is_ours(ingress):
            return
        status = {"loadBalancer": {"ingress": [{"ip": ADDRESS}]}}
        if (ingress.get("status") or {}) != status:
            self._events.normal(ingress, "Sync", "Scheduled for sync")
            namespace, name = split_key(key)
            self._api.patch(INGRESSES, name, namespace, {"status": status}, subresource="status")

    def _is_ours(self, ingress: Obj) -> bool:
        name = ingress["spec"].get("ingressClassName")
        if name is None:
            return bool((ingress["metadata"].get("annotations") or {}).get(OLD_CLASS) == CLASS)
        found = self._classes.get(name)
        return found is not None and found["spec"].get("controller") == CONTROLLER

    # network.Server

    async def talk(self, data: bytes) -> bytes:
        line, _, rest = data.partition(b"\n")
        parts = line.decode(errors="replace").split()
        if len(parts) < 2:
            return render(_page(400))
        pairs = (text.split(":", 1) for text in rest.decode(errors="replace").splitlines() if ":" in text)
        headers = {name.strip(): value.strip() for name, value in pairs}
        return render(await self.answer(Request(parts[0], parts[1], headers)))

    async def answer(self, request: Request) -> Response:
        host = next((value for name, value in request.headers.items() if name.lower() == "host"), "")
        host = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
        path, question, query = request.path.partition("?")
        rule = self._choose(host.lower(), path)
        if rule is None:
            return _page(404)
        if request.port != 443 and self._wants_tls(rule):
            return _page(308, {"Location": f"https://{host}{request.path}"})
        return await self._pass_on(rule, request, rule.rewritten(path) + question + query)

    def _choose(self, host: str, path: str) -> Rule | None:
        """The host's own rules before a wildcard's, and those before the rules for any host."""
        rules = [rule for ingress in self._ingresses.all() if self._is_ours(ingress) for rule in _rules(ingress)]
        for fits in (host, "*." + host.partition(".")[2], ""):
            mine = [rule for rule in rules if rule.host == fits]
            if mine or not fits:
                found = [rule for rule in mine if rule.matches(path)]
                return max(found, key=lambda rule: (rule.exact, len(rule.path)), default=None)
        return None

    @staticmethod
    def _wants_tls(rule: Rule) -> bool:
        hosts = [host for entry in rule.ingress["spec"].get("tls") or () for host in entry.get("hosts") or ()]
        return rule.host in hosts and rule.annotations.get(ANNOTATION + "ssl-redirect", "true") != "false"

    async def _pass_on(self, rule: Rule, request: Request, path: str) -> Response:
        wanted = rule.backend.get("service") or {}
        service = self._services.get(f"{rule.ingress['metadata']['namespace']}/{wanted.get('name')}")
        port = _port_of(service, wanted.get("port") or {}) if service is not None else None
        if service is None or port is None:
            return _page(503)
        headers = {**request.headers, **dict.fromkeys(PASSED_ON, request.client)}
        try:
            endpoint = self._network.services.pick_ready(service, port)
            server = self._network.connect(self._host, endpoint.ip, endpoint.port)
        except NoEndpoints:
            return _page(503)
        except Refused:
            return _page(502)
        except TimedOut:
            await self._network.clock.sleep(5)
            return _page(504)
        passed = Request(request.method, path, headers, request.body, ADDRESS, endpoint.port)
        return await server.answer(passed) or _page(502)


def _rules(ingress: Obj) -> Iterator[Rule]:
    spec = ingress["spec"]
    fallback = spec.get("defaultBackend")
    if fallback and not spec.get("rules"):
        yield Rule(ingress, "", "/", False, fallback)
    for rule in spec.get("rules") or ():
        host, paths = (rule.get("host") or "").lower(), (rule.get("http") or {}).get("paths") or ()
        for path in paths:
            exact = path.get("pathType") == "Exact"
            yield Rule(ingress, host, path.get("path") or "/", exact, path["backend"])
        if fallback and not any((path.get("path") or "/") == "/" for path in paths):
            yield Rule(ingress, host, "/", False, fallback)


def _port_of(service: Obj, wanted: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for port in service["spec"].get("ports") or ():
        if wanted.get("name"):
            if port.get("name") == wanted["name"]:
                return dict(port)
        elif port["port"] == wanted.get("number"):
            return dict(port)
    return None


WORDS = {**PHRASES, 308: "Permanent Redirect", 503: "Service Temporarily Unavailable", 504: "Gateway Time-out"}


def _page(status: int, headers: Mapping[str, str] | None = None) -> Response:
    title = f"{status} {WORDS[status]}"
    body = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return Response(status, body.encode(), {"Content-Type": "text/html", **(headers or {})})
