"""Why a probe gets no right answer: what is wrong with the Service that it asks for."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..finding import YES, Finding, no, not_yet
from ..kinds import SERVICE
from ..messages import say
from ..objects import called, dig, entries, name_of
from ..ownership import selected_pods
from ..settling.services import backed
from ..spec import Obj, Probe
from ..view import View


def diagnose(view: View, asked: Probe) -> Finding:
    """YES: nothing wrong with the Service, or none is asked for."""
    if asked.kind == "exec" or not isinstance(asked.target, str):
        return YES
    host, port = _host(asked)
    name = _service_name(view, host)
    if name is None:
        return YES
    service = view.find(*SERVICE, name)
    if service is None:
        return no(say("service-missing", object=f"Service/{name}")) if host != asked.source else YES
    if asked.kind == "dns":
        return YES
    return _reaches(view, service, port)


def _host(asked: Probe) -> tuple[str, int]:
    """Host and port of a URL; a DNS name has no port."""
    target = str(asked.target)
    if asked.kind == "dns":
        return target, 0
    parts = urlsplit(target)
    try:
        port = parts.port
    except ValueError:
        port = None
    return parts.hostname or "", port or (443 if parts.scheme == "https" else 80)


def _service_name(view: View, host: str) -> str | None:
    """`web`, `web.<namespace>` and `web.<namespace>.svc…` mean the Service web. Others are none of ours."""
    first, *rest = host.split(".")
    if first in ("localhost", "") or first.isdigit() or ":" in first:
        return None
    return first if not rest or rest[0] == name_of(view.namespace()) else None


def _reaches(view: View, service: Obj, port: int) -> Finding:
    found = backed(view, service)
    if found.outcome != "yes":
        return found
    ports = entries(service, "spec", "ports")
    if dig(service, "spec", "clusterIP") != "None" and port not in [p.get("port") for p in ports]:
        offered = ", ".join(str(p.get("port")) for p in ports)
        return no(say("service-port", object=called(service), port=port, ports=offered or "-"), about=[service])
    return _passed_on(view, service, port)


def _passed_on(view: View, service: Obj, port: int) -> Finding:
    """A container may listen on a port that it does not declare: this explains, but is not final."""
    target = next((p.get("targetPort", port) for p in entries(service, "spec", "ports") if p.get("port") == port), port)
    containers = [c for pod in selected_pods(view, service) for c in entries(pod, "spec", "containers")]
    declared = dict.fromkeys(p.get("containerPort") for c in containers for p in entries(c, "ports"))
    if not declared or not isinstance(target, int) or target in declared:
        return YES
    ports = ", ".join(str(p) for p in declared)
    return not_yet(say("target-port", object=called(service), port=target, ports=ports), about=[service])
