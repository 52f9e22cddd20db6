"""One operating-system process: spawn it so that it cannot outlive us, read what it says, stop it for good."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Mapping, Sequence

PR_SET_PDEATHSIG = 1
REMEMBERED = 64 * 1024
LONGEST_LINE = 1024 * 1024


class Child:
    """Runs in a session of its own: Ctrl-C in the terminal reaches only the supervisor, which stops all in order,
    and the whole group can be swept, grandchildren (Celery's beat, uvicorn's reloaded server) included.
    """

    def __init__(self, process: Process, on_line: Callable[[bytes], None]) -> None:
        self._process = process
        self._on_line = on_line
        self._reading = asyncio.create_task(self._read())
        self.printed = b""

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def ended(self) -> int:
        """Waits for its end; returns the exit code, negative for a signal. What it left behind ends with it."""
        code = await self._process.wait()
        self._signal_group(signal.SIGKILL)
        await self._reading
        return code

    async def stop(self, grace: float) -> None:
        """Asks; after `grace` seconds it asks no more."""
        if self.alive:
            self._signal_group(signal.SIGTERM, only_leader=True)
            try:
                async with asyncio.timeout(grace):
                    await self._process.wait()
            except TimeoutError:
                self.kill()
        await self.ended()

    def kill(self) -> None:
        self._signal_group(signal.SIGKILL)

    def _signal_group(self, number: signal.Signals, only_leader: bool = False) -> None:
        try:
            if only_leader:
                self._process.send_signal(number)
            else:
                os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):  # macOS says "not permitted" of a group of zombies
            return

    async def _read(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        while True:
            try:
                line = await stdout.readuntil(b"\n")
            except asyncio.IncompleteReadError as end:
                line = end.partial
                if not line:
                    return
            except asyncio.LimitOverrunError as long:
                line = await stdout.readexactly(long.consumed)
            if len(self.printed) < REMEMBERED:
                self.printed += line
            self._on_line(line.rstrip(b"\r\n"))


async def spawn(
    command: Sequence[str],
    env: Mapping[str, str],
    cwd: str,
    stdin: str,
    on_line: Callable[[bytes], None],
) -> Child:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=PIPE,
        stdout=PIPE,
        stderr=STDOUT,
        env=dict(env),
        cwd=cwd,
        limit=LONGEST_LINE,
        start_new_session=True,
        preexec_fn=die_with_parent(),
    )
    child = Child(process, on_line)
    assert process.stdin is not None
    process.stdin.write(stdin.encode())
    process.stdin.close()
    return child


def die_with_parent() -> Callable[[], None] | None:
    """On Linux the kernel itself ends a child whose parent was killed. Elsewhere Ctrl-C, SIGTERM and a closed terminal
    end all; only `kill -9` of the supervisor leaves them.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def between_fork_and_exec() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    return between_fork_and_exec


def how_it_ended(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
