"""The containers of a pod or of a pod's template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..output.godump import go_value
from .about import count, either, moment
from .environment import write_environment, write_sources
from .text import Text

Map = Mapping[str, Any]
Resolve = Callable[[Map], str]  # an environment variable from a field of the pod → its value


def write_containers(
    to: Text,
    label: str,
    containers: Sequence[Map] | None,
    statuses: Iterable[Map] | None = None,
    resolve: Resolve | None = None,
    before: str = "",
) -> None:
    by_name = {status.get("name"): status for status in statuses or ()}
    to.write(0, f"{before}{label}:{'' if containers else ' <none>'}\n")
    for container in containers or ():
        status = by_name.get(container.get("name"))
        _basics(to, container, status, before)
        _words(to, "Command", container.get("command"))
        _words(to, "Args", container.get("args"))
        if status is not None:
            _state(to, status)
        write_resources(to, container.get("resources"), 2)
        for title, key in (("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")):
            if container.get(key) is not None:
                to.field(title, probe_text(container[key]), 2)
        write_sources(to, container)
        write_environment(to, container, resolve)
        _mounts(to, container)


def _basics(to: Text, container: Map, status: Map | None, before: str) -> None:
    to.write(1, f"{' ' if before else ''}{container.get('name', '')}:\n")
    if status is not None:
        to.field("Container ID", status.get("containerID", ""), 2)
    to.field("Image", container.get("image", ""), 2)
    if status is not None:
        to.field("Image ID", status.get("imageID", ""), 2)
    ports = container.get("ports") or ()
    for title, key in (("Port", "containerPort"), ("Host Port", "hostPort")):
        shown = ", ".join(f"{port.get(key, 0)}/{port.get('protocol', '')}" for port in ports)
        to.field(f"{title}s" if "," in shown else title, shown or "<none>", 2)
    seccomp = (container.get("securityContext") or {}).get("seccompProfile")
    if seccomp:
        to.field("SeccompProfile", seccomp.get("type", ""), 2)
        if seccomp.get("type") == "Localhost":
            to.field("LocalhostProfile", seccomp.get("localhostProfile", ""), 3)


def _words(to: Text, title: str, words: Iterable[str] | None) -> None:
    words = list(words or ())
    if words:
        to.write(2, f"{title}:\n")
    for word in words:
        for line in word.split("\n"):
            to.line(3, line)


def write_resources(to: Text, resources: Map | None, level: int) -> None:
    for title, key in (("Limits", "limits"), ("Requests", "requests")):
        amounts = (resources or {}).get(key) or {}
        if amounts:
            to.write(level, f"{title}:\n")
        for name in sorted(amounts):
            to.field(name, amounts[name], level + 1)


def _state(to: Text, status: Map) -> None:
    _one_state(to, "State", status.get("state") or {})
    last = status.get("lastState") or {}
    if last.get("terminated"):
        _one_state(to, "Last State", last)
    to.field("Ready", either(bool(status.get("ready"))), 2)
    to.field("Restart Count", count(status.get("restartCount")), 2)


def _one_state(to: Text, title: str, state: Map) -> None:
    if state.get("running") is not None:
        to.field(title, "Running", 2)
        to.field("Started", moment(state["running"].get("startedAt")), 3)
    elif state.get("waiting") is not None or state.get("terminated") is None:
        to.field(title, "Waiting", 2)
        reason = (state.get("waiting") or {}).get("reason")
        if reason:
            to.field("Reason", reason, 3)
    else:
        _ended(to, title, state["terminated"])


def _ended(to: Text, title: str, ended: Map) -> None:
    to.field(title, "Terminated", 2)
    for name in ("reason", "message"):
        if ended.get(name):
            to.field(name.capitalize(), ended[name], 3)
    to.field("Exit Code", count(ended.get("exitCode")), 3)
    if (ended.get("signal") or 0) > 0:
        to.field("Signal", ended["signal"], 3)
    to.field("Started", moment(ended.get("startedAt")), 3)
    to.field("Finished", moment(ended.get("finishedAt")), 3)


def probe_text(probe: Map) -> str:
    numbers = (count(probe.get(f"{key}Seconds")) for key in ("initialDelay", "timeout", "period"))
    delay, timeout, period = numbers
    attributes = (
        f"delay={delay}s timeout={timeout}s period={period}s "
        f"#success={count(probe.get('successThreshold'))} #failure={count(probe.get('failureThreshold'))}"
    )
    if probe.get("exec") is not None:
        return f"exec {go_value(probe['exec'].get('command') or [])} {attributes}"
    if probe.get("httpGet") is not None:
        return f"http-get {_address(probe['httpGet'])} {attributes}"
    if probe.get("tcpSocket") is not None:
        socket = probe["tcpSocket"]
        return f"tcp-socket {socket.get('host', '')}:{socket.get('port', '')} {attributes}"
    if probe.get("grpc") is not None:
        return f"grpc <pod>:{probe['grpc'].get('port', 0)} {probe['grpc'].get('service') or ''} {attributes}"
    return f"unknown {attributes}"


def _address(request: Map) -> str:
    host, port, path = str(request.get("host") or ""), str(request.get("port", "")), str(request.get("path") or "")
    host = f"[{host}]" if ":" in host else host
    slash = "" if not path or path.startswith("/") else "/"
    escaped = path.replace("%", "%25").replace("?", "%3F").replace("#", "%23").replace(" ", "%20")
    return f"{str(request.get('scheme') or '').lower()}://{f'{host}:{port}' if port else host}{slash}{escaped}"


def _mounts(to: Text, container: Map) -> None:
    mounts = sorted(container.get("volumeMounts") or (), key=lambda mount: str(mount.get("mountPath", "")))
    none = "" if mounts else "\t<none>"
    to.write(2, f"Mounts:{none}\n")
    for mount in mounts:
        flags = ["ro" if mount.get("readOnly") else "rw"]
        if mount.get("subPath"):
            flags.append(f'path="{mount["subPath"]}"')
        to.write(3, f"{mount.get('mountPath', '')} from {mount.get('name', '')} ({','.join(flags)})\n")
    devices = sorted(container.get("volumeDevices") or (), key=lambda device: str(device.get("devicePath", "")))
    if devices:
        to.write(2, f"Devices:{none}\n")
    for device in devices:
        to.write(3, f"{device.get('devicePath', '')} from {device.get('name', '')}\n")
