"""Probes: asked at their period while a container runs, counted against their thresholds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from k8slab.emulator.clock import Clock, Timer
from k8slab.emulator.nodes.network import Host, Refused, Request, TimedOut

Outcome = tuple[bool, str]
KINDS = ("startup", "liveness", "readiness")


@dataclass
class Target:
    """Whom a probe asks."""

    host: Host
    node: Host
    ports: Mapping[str, int]
    run: Callable[[list[str]], Awaitable[tuple[int, bytes]]]


async def ask(probe: Mapping[str, Any], target: Target, clock: Clock) -> Outcome:
    """Whether it succeeded, and what it said; bounded by the probe's timeout."""
    seconds = float(probe.get("timeoutSeconds") or 1)
    asked = asyncio.ensure_future(_ask(probe, target))
    bell = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({asked, bell}, return_when=asyncio.FIRST_COMPLETED)
        if asked.done():
            return asked.result()
        return False, _too_late(probe, target, seconds)
    finally:
        asked.cancel()
        bell.cancel()


async def _ask(probe: Mapping[str, Any], target: Target) -> Outcome:
    if "exec" in probe:
        code, output = await target.run(list(probe["exec"].get("command") or ()))
        return code == 0, output.decode(errors="replace")
    if "httpGet" in probe:
        return await _http(probe["httpGet"], target)
    action = probe.get("tcpSocket") or probe.get("grpc") or {}
    port = _port(action.get("port"), target)
    ip = action.get("host") or target.host.ip
    try:
        target.node.network.connect(target.node, ip, port)
    except Refused:
        return False, f"dial tcp {ip}:{port}: connect: connection refused"
    except TimedOut:
        await asyncio.get_running_loop().create_future()
    return True, ""


async def _http(action: Mapping[str, Any], target: Target) -> Outcome:
    port, ip = _port(action.get("port"), target), action.get("host") or target.host.ip
    url = _url(action, ip, port)
    headers = {"Host": f"{ip}:{port}", "User-Agent": "kube-probe/1.36", "Accept": "*/*", "Connection": "close"}
    headers |= {h["name"]: h["value"] for h in action.get("httpHeaders") or ()}
    path = action.get("path") or "/"
    try:
        server = target.node.network.connect(target.node, ip, port)
        request = Request("GET", path if path.startswith("/") else f"/{path}", headers, b"", target.node.ip, port)
        response = await server.answer(request)
    except Refused:
        return False, f'Get "{url}": dial tcp {ip}:{port}: connect: connection refused'
    except TimedOut:
        await asyncio.get_running_loop().create_future()
        return False, ""
    if response is None:
        return False, f'Get "{url}": net/http: HTTP/1.x transport connection broken: malformed HTTP response'
    if 200 <= response.status < 400:
        return True, ""
    return False, f"HTTP probe failed with statuscode: {response.status}"


def _url(action: Mapping[str, Any], ip: str, port: int) -> str:
    path = action.get("path") or "/"
    return f"{action.get('scheme', 'HTTP').lower()}://{ip}:{port}{path if path.startswith('/') else '/' + path}"


def _too_late(probe: Mapping[str, Any], target: Target, seconds: float) -> str:
    if "exec" in probe:
        words = " ".join(probe["exec"].get("command") or ())
        return f'command timed out: "{words}" timed out after {seconds:g}s'
    if "httpGet" in probe:
        ip = probe["httpGet"].get("host") or target.host.ip
        url = _url(probe["httpGet"], ip, _port(probe["httpGet"].get("port"), target))
        return f'Get "{url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    action = probe.get("tcpSocket") or probe.get("grpc") or {}
    return f"dial tcp {action.get('host') or target.host.ip}:{_port(action.get('port'), target)}: i/o timeout"


def _port(port: Any, target: Target) -> int:
    if isinstance(port, int):
        return port
    return target.ports.get(str(port), 0) or (int(port) if str(port).isdigit() else 0)


class Prober:
    """One probe of one run of a container. `decided(ok)` is called when a threshold is reached and the outcome is
    news; `failed(text)` at every failure."""

    def __init__(
        self,
        probe: Mapping[str, Any],
        target: Target,
        clock: Clock,
        decided: Callable[[bool], None],
        failed: Callable[[str], None],
    ) -> None:
        self._probe, self._target, self._clock = probe, target, clock
        self._decided, self._failed = decided, failed
        self._streak = 0
        self._last: bool | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer: Timer | None = None

    def start(self, tick: float) -> None:
        """The first question comes after the initial delay, and not before the next tick."""
        delay = max(tick, float(self._probe.get("initialDelaySeconds") or 0))
        if delay:
            self._timer = self._clock.call_later(delay, self._ask)
        else:
            self._ask()

    def stop_asking(self) -> None:
        """No more questions; one that is being asked may end (it may be the caller)."""
        if self._timer is not None:
            self._timer.cancel()

    def stop(self) -> None:
        self.stop_asking()
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    def _ask(self) -> None:
        self._timer = self._clock.call_later(float(self._probe.get("periodSeconds") or 10), self._ask)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._once())

    async def _once(self) -> None:
        ok, text = await ask(self._probe, self._target, self._clock)
        self._streak = self._streak + 1 if ok == self._last else 1
        self._last = ok
        if not ok:
            self._failed(text)
        wanted = self._probe.get("successThreshold") or 1 if ok else self._probe.get("failureThreshold") or 3
        if self._streak >= wanted:
            self._decided(ok)
