"""What a kubelet does for a container that runs: hooks and probes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from k8slab.emulator.clock import Clock
from k8slab.emulator.controllers.events import Events
from k8slab.emulator.controllers.times import parse_timestamp
from k8slab.emulator.nodes.container import Container
from k8slab.emulator.nodes.network import Host
from k8slab.emulator.nodes.probes import Prober, Target, ask
from k8slab.emulator.nodes.process import Box, Process, find_command, run_command
from k8slab.emulator.nodes.streams import Buffer
from k8slab.emulator.ports import Obj


async def run_in(box: Box, words: list[str]) -> tuple[int, bytes]:
    """A command in a container: its code and all that it said."""
    output = Buffer()
    found = find_command(box, words[0]) if words else None
    if found is None:
        name = words[0] if words else ""
        return (
            127,
            f'OCI runtime exec failed: exec failed: unable to start container process: exec: "{name}": '
            "executable file not found in $PATH".encode(),
        )
    process = Process(box, words[0], words[1:], dict(box.env), box.image.workdir, stdout=output, stderr=output)
    return await run_command(process, found), output.value()


class Care:
    """One run of one container. `restart(text)` ends it so that it starts anew; `changed()` is told of readiness."""

    def __init__(
        self,
        container: Container,
        pod: Callable[[], Obj],
        hosts: tuple[Host, Host],
        clock: Clock,
        events: Events,
        changed: Callable[[], None],
        restart: Callable[[str], None],
    ) -> None:
        self._container, self._pod, self._clock, self._events = container, pod, clock, events
        self._host, self._node = hosts
        self._changed, self._restart = changed, restart
        self._probers: list[Prober] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        hook = (self._container.spec.get("lifecycle") or {}).get("postStart")
        if hook:
            self._spawn(self._post_start(hook))
        else:
            self._begin_probes()

    def stop(self) -> None:
        for prober in self._probers:
            prober.stop()
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()
        self._probers.clear()

    def before_stop(self, grace: float, then: Callable[[], None]) -> None:
        """Runs the preStop hook, within the grace, before the signal."""
        hook = (self._container.spec.get("lifecycle") or {}).get("preStop")
        if not hook:
            then()
            return
        self._spawn(self._pre_stop(hook, grace, then))

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _post_start(self, hook: Mapping[str, Any]) -> None:
        ok, _ = await self._hook(hook)
        if not ok:
            path = self._container.field_path
            self._events.warning(self._pod(), "FailedPostStartHook", "PostStartHook failed", path)
            self._restart("FailedPostStartHook")
            return
        self._begin_probes()

    async def _pre_stop(self, hook: Mapping[str, Any], grace: float, then: Callable[[], None]) -> None:
        ok, _ = await self._hook(hook, grace)
        if not ok:
            self._events.warning(self._pod(), "FailedPreStopHook", "PreStopHook failed", self._container.field_path)
        then()

    async def _hook(self, hook: Mapping[str, Any], seconds: float = 120.0) -> tuple[bool, str]:
        if "sleep" in hook:
            await self._clock.sleep(min(seconds, float(hook["sleep"].get("seconds") or 0)))
            return True, ""
        return await ask({**hook, "timeoutSeconds": seconds}, self._target(), self._clock)

    def _target(self) -> Target:
        box = self._container.box
        ports = {p["name"]: int(p["containerPort"]) for p in self._container.spec.get("ports") or () if p.get("name")}

        async def run(words: list[str]) -> tuple[int, bytes]:
            return await run_in(box, words) if box is not None else (1, b"")

        return Target(self._host, self._node, ports, run)

    def _begin_probes(self) -> None:
        container = self._container
        if not container.is_running:
            return
        if container.spec.get("startupProbe"):
            self._probe("startup", self._startup_decided)
            return
        self._after_startup()

    def _after_startup(self) -> None:
        container = self._container
        container.started = True
        if container.spec.get("livenessProbe"):
            self._probe("liveness", self._liveness_decided)
        if container.spec.get("readinessProbe"):
            self._probe("readiness", self._readiness_decided)
        else:
            container.ready = True
        self._changed()

    def _probe(self, kind: str, decided: Callable[[bool], None]) -> None:
        def failed(text: str) -> None:
            message = f"{kind.capitalize()} probe failed: {text}"
            self._events.warning(self._pod(), "Unhealthy", message, self._container.field_path)

        spec = self._container.spec[f"{kind}Probe"]
        prober = Prober(spec, self._target(), self._clock, decided, failed)
        self._probers.append(prober)
        prober.start(0.0 if kind == "readiness" else self._next_tick(spec))

    def _next_tick(self, probe: Mapping[str, Any]) -> float:
        """Until the worker's next tick, which it has counted since the pod came; readiness alone asks at once."""
        period = float(probe.get("periodSeconds") or 10)
        since = parse_timestamp(self._pod()["metadata"]["creationTimestamp"])
        return period - (self._clock.now() - since) % period

    def _startup_decided(self, ok: bool) -> None:
        if not ok:
            self._fail("startup")
        elif not self._container.started:
            self._probers.pop().stop_asking()
            self._after_startup()

    def _liveness_decided(self, ok: bool) -> None:
        if not ok:
            self._fail("liveness")

    def _fail(self, kind: str) -> None:
        self._container.killed_by_probe = True
        self._restart(f"Container {self._container.name} failed {kind} probe, will be restarted")

    def _readiness_decided(self, ok: bool) -> None:
        if self._container.ready != ok:
            self._container.ready = ok
            self._changed()
