"""Small programs that behave like well and badly behaved processes, and a supervisor around them."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from k8slab.supervisor.output import Output
from k8slab.supervisor.places import Places
from k8slab.supervisor.plan import Plan, Process
from k8slab.supervisor.ready import Prints
from k8slab.supervisor.run import Supervisor

GOOD = "import time; print('ready', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
print('child', child.pid, 'ready', flush=True)
time.sleep(60)
"""
BROKEN = "import sys; print('no such table: lessons'); sys.exit(3)"


def program(text: str, name: str = "web", stage: int = 0) -> Process:
    return Process(name, (sys.executable, "-c", text), ready=Prints("ready"), stage=stage)


@dataclass
class Running:
    supervisor: Supervisor
    out: Output
    terminal: io.StringIO

    def pid(self, name: str) -> int:
        return self.supervisor.pids()[name]

    async def says(self, text: str, seconds: float = 10.0) -> None:
        """Waits until the terminal shows `text`."""
        async with asyncio.timeout(seconds):
            while text not in self.terminal.getvalue():  # noqa: ASYNC110 - nobody announces it
                await asyncio.sleep(0.01)


@asynccontextmanager
async def supervised(var: Path, *processes: Process) -> AsyncIterator[Running]:
    """Not started yet; at the end stopped, whatever happened."""
    places = Places(var)
    places.make()
    terminal = io.StringIO()
    out = Output(places.log, terminal)
    supervisor = Supervisor(Plan(processes, {}, "http://localhost:1/", places.kubeconfig), places, out)
    try:
        yield Running(supervisor, out, terminal)
    finally:
        await supervisor.shutdown()
        out.close()


@asynccontextmanager
async def started(var: Path, *processes: Process) -> AsyncIterator[Running]:
    async with supervised(var, *processes) as running:
        assert await running.supervisor.start(needs_preparing=False)
        yield running


async def gone(pid: int, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while is_running(pid):  # noqa: ASYNC110 - a grandchild's end is announced to init only
            await asyncio.sleep(0.01)


def is_running(pid: int) -> bool:
    """Zombies do not count: they wait for whoever adopted them."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
