"""kubectl create ingress."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..creating.objects import Map, number_or_text, typed
from ..creating.submit import CREATING, one_name, submit
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..registry import verb

_RULE = re.compile(r"([^/]*)(/.*)?=([^:,]+):([^,]+)((?:,[^,]+)*)")


@dataclass(frozen=True, slots=True)
class Rule:
    host: str
    path: str
    backend: Map
    tls: str | None  # the secret's name; "" is the controller's own certificate, None is no TLS


@verb(
    "create ingress",
    CREATING,
    Flag("rule", kind="array", help="Rule in format host/path=service:port[,tls=secretname]."),
    Flag("class", help="Ingress Class to be used"),
    Flag("annotation", kind="array", help="Annotation to insert in the ingress object, in the format annotation=value"),
    Flag("default-backend", help="Default service for backend, in format of svcname:port"),
    summary="Create an ingress with the specified name",
    usage="NAME --rule=host/path=service:port[,tls[=secret]]",
    examples="  kubectl create ingress web --rule='web.example.com/*=web:80'",
    aliases=("create ing",),
)
def run(invocation: Invocation) -> None:
    flags, name = invocation.flags, one_name(invocation)
    if not flags.many("rule") and not flags.text("default-backend"):
        raise Failed(
            "error: not enough information provided: every ingress has to either specify a default-backend (which "
            "catches all traffic) or a list of rules (which catch specific paths)"
        )
    rules = [_rule(text) for text in flags.many("rule")]
    obj = typed("networking.k8s.io/v1", "Ingress", name)
    annotations = _annotations(flags.many("annotation"))
    if annotations:
        obj["metadata"]["annotations"] = annotations
    spec: Map = {}
    if flags.text("class"):
        spec["ingressClassName"] = flags.text("class")
    if flags.text("default-backend"):
        spec["defaultBackend"] = _backend(flags.text("default-backend"))
    if tls := _tls(rules):
        spec["tls"] = tls
    if rules:
        spec["rules"] = _by_host(rules)
    submit(invocation, {**obj, "spec": spec, "status": {"loadBalancer": {}}}, prefix="failed to create ingress:")


def _rule(text: str) -> Rule:
    found = _RULE.fullmatch(text)
    if not found:
        raise Failed(f"error: rule {text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]")
    host, path, service, port, extra = found.groups()
    tls = None
    for word in extra.split(",")[1:]:
        key, _, value = word.partition("=")
        if key == "tls":
            tls = value
    return Rule(host, path or "", _service(service, port), tls)


def _service(name: str, port: str) -> Map:
    number = number_or_text(port)
    return {"service": {"name": name, "port": {"number": number} if isinstance(number, int) else {"name": number}}}


def _backend(text: str) -> Map:
    name, colon, port = text.partition(":")
    if not colon or not name or not port:
        raise Failed("error: default-backend should be in format servicename:serviceport")
    return _service(name, port)


def _annotations(words: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise Failed(f"error: annotation {word} is invalid and should be in format key=[value]")
        found[key] = value
    return found


def _tls(rules: list[Rule]) -> list[Map]:
    entries: dict[str, list[str]] = {}
    for rule in rules:
        if rule.tls is not None:
            hosts = entries.setdefault(rule.tls, [])
            if rule.host and rule.host not in hosts:
                hosts.append(rule.host)
    return [
        {**({"hosts": hosts} if hosts else {}), **({"secretName": secret} if secret else {})}
        for secret, hosts in entries.items()
    ]


def _by_host(rules: list[Rule]) -> list[Map]:
    hosts: dict[str, list[Map]] = {}
    for rule in rules:
        prefix = rule.path.endswith("*")
        path = rule.path[:-1] if prefix else rule.path
        entry: Map = {"path": path} if path else {}
        entry |= {"pathType": "Prefix" if prefix else "Exact", "backend": rule.backend}
        hosts.setdefault(rule.host, []).append(entry)
    return [{**({"host": host} if host else {}), "http": {"paths": paths}} for host, paths in hosts.items()]
