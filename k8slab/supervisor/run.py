"""Start, loop, shutdown. A process that ends while it should run is started again, after a pause that grows."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterable

from .child import Child, how_it_ended, spawn
from .output import Output
from .places import ROOT, Places
from .plan import Plan, Process
from .prepare import prepare
from .secrets import write_private

PAUSES = (0.1, 0.3, 1.0, 2.0, 5.0)
STEADY = 30.0  # whoever ran as long as this is in order again: the next pause is the shortest
PATIENCE = 60.0
FIRST_ATTEMPTS = 3
ASK_EVERY = 0.03
GRACE = {"web": 4.0, "worker": 5.0, "watcher": 3.0, "emulator": 4.0, "redis": 3.0}


class CannotStart(Exception):
    """A process did not become ready; the message says which, what it said last and where the rest is."""


class Supervisor:
    def __init__(self, plan: Plan, places: Places, out: Output) -> None:
        self._plan = plan
        self._places = places
        self._out = out
        self._env = {**os.environ, **plan.environment}
        self._children: dict[str, Child] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._first: dict[str, asyncio.Future[None]] = {}
        self._stop = asyncio.Event()

    def pids(self) -> dict[str, int]:
        return {name: child.pid for name, child in self._children.items() if child.alive}

    def ask_to_stop(self) -> None:
        """In order: everyone gets time for its last words."""
        self._stop.set()

    def interrupt(self) -> None:
        """Ctrl-C. Once: stop in order. Again: at once."""
        if self._stop.is_set():
            for child in self._children.values():
                child.kill()
        self.ask_to_stop()

    async def start(self, needs_preparing: bool) -> bool:
        """True when all are ready, False when it was asked to stop before."""
        starting = asyncio.ensure_future(self._start_stages(needs_preparing))
        stopping = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not starting.done():
            starting.cancel()
            await asyncio.wait({starting})
            return False
        starting.result()
        return True

    async def loop(self) -> None:
        await self._stop.wait()

    async def shutdown(self) -> None:
        """Those that use Redis and the cluster first, so that their last words are heard."""
        self._stop.set()
        for stage in sorted({process.stage for process in self._plan.processes}, reverse=True):
            stopping = [process.name for process in self._plan.processes if process.stage == stage]
            children = [self._children[name].stop(GRACE[name]) for name in stopping if name in self._children]
            await asyncio.gather(*children)
        await asyncio.gather(*self._keepers.values(), return_exceptions=True)
        for name in self._children:
            self._places.pid_file(name).unlink(missing_ok=True)

    async def _start_stages(self, needs_preparing: bool) -> None:
        preparing = asyncio.ensure_future(self._prepare() if needs_preparing else asyncio.sleep(0))
        try:
            for stage in sorted({process.stage for process in self._plan.processes}):
                await self._start_all(process for process in self._plan.processes if process.stage == stage)
                await preparing
        finally:
            preparing.cancel()
            await asyncio.wait({preparing})  # it has a process of its own to stop

    async def _prepare(self) -> None:
        began = time.monotonic()
        await prepare(self._places, self._plan.environment, self._out)
        self._out.say(f"database, demo people and translations prepared in {time.monotonic() - began:.1f} s")

    async def _start_all(self, processes: Iterable[Process]) -> None:
        firsts = []
        for process in processes:
            first = self._first[process.name] = asyncio.get_running_loop().create_future()
            self._keepers[process.name] = asyncio.create_task(self._keep(process))
            firsts.append(first)
        await asyncio.gather(*firsts)

    async def _keep(self, process: Process) -> None:
        failures = 0
        while not self._stop.is_set():
            began = time.monotonic()
            code = await self._run_once(process)
            if self._stop.is_set():
                return
            failures = 1 if time.monotonic() - began > STEADY else failures + 1
            first = self._first[process.name]
            if not first.done() and failures == FIRST_ATTEMPTS:
                first.set_exception(CannotStart(self._why(process.name, how_it_ended(code))))
                return
            await self._pause(process.name, how_it_ended(code), PAUSES[min(failures, len(PAUSES)) - 1])

    async def _run_once(self, process: Process) -> int:
        """One life of a process. Returns its exit code."""
        env = {**self._env, **process.env}
        child = await spawn(
            process.command,
            env,
            str(ROOT),
            process.stdin,
            lambda line: self._out.line(process.name, line, process.quiet),
        )
        self._children[process.name] = child
        write_private(self._places.pid_file(process.name), str(child.pid))
        if self._stop.is_set():  # asked in the moment of spawning: shutdown() may not have seen it
            child.kill()
        asking = asyncio.create_task(self._become_ready(process, child))
        code = await child.ended()
        asking.cancel()
        return code

    async def _become_ready(self, process: Process, child: Child) -> None:
        began = time.monotonic()
        first = self._first[process.name]
        while not await process.ready.holds(child.printed):
            await asyncio.sleep(ASK_EVERY)
            if not first.done() and time.monotonic() - began > PATIENCE:
                first.set_exception(CannotStart(self._why(process.name, f"not ready after {PATIENCE:.0f} s")))
                return
        if first.done():
            self._out.say(f"{process.name} is back after {time.monotonic() - began:.1f} s")
        else:
            first.set_result(None)

    async def _pause(self, name: str, ended: str, seconds: float) -> None:
        self._out.say(f"{name} ended ({ended}); starting it again in {seconds:g} s")
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return

    def _why(self, name: str, what: str) -> str:
        last = [f"  {line}" for line in self._out.last_lines(name, 5)]
        return "\n".join([f"{name} could not start: {what}", *last, f"all of it: {self._out.log_file(name)}"])


def stop_on_signals(supervisor: Supervisor) -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, supervisor.interrupt)
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, supervisor.ask_to_stop)
