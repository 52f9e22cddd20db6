"""One operating-system process: spawn it so that it cannot outlive us, read what it says, stop it for good."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

PR_SET_PDEATHSIG = 1
STDOUT = 1
REMEMBERED = 64 * 1024
LONGEST_LINE = 64 * 1024


class Child(asyncio.SubprocessProtocol):
    """Runs in a session of its own: Ctrl-C in the terminal reaches only the supervisor, which stops all in order,
    and the whole group can be swept, grandchildren (Celery's beat, uvicorn's reloaded server) included.

    A protocol and not `asyncio.create_subprocess_exec`, whose `wait()` returns only when the pipes are closed as well:
    a grandchild that holds them would hide that the process itself is gone.
    """

    def __init__(self, on_line: Callable[[bytes], None]) -> None:
        self.printed = b""
        self._on_line = on_line
        self._unfinished = b""
        self._transport: asyncio.SubprocessTransport | None = None
        self._exited = asyncio.Event()
        self._drained = asyncio.Event()

    @property
    def pid(self) -> int:
        return self._running.get_pid()

    @property
    def alive(self) -> bool:
        return not self._exited.is_set()

    async def ended(self) -> int:
        """Waits for its end; returns the exit code, negative for a signal. What it left behind ends with it."""
        await self._exited.wait()
        self.kill()
        await self._drained.wait()
        code = self._running.get_returncode()
        self._running.close()
        return 0 if code is None else code

    async def stop(self, grace: float) -> None:
        """Asks; after `grace` seconds it asks no more."""
        if self.alive:
            self._running.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(grace):
                    await self._exited.wait()
            except TimeoutError:
                self.kill()
        await self.ended()

    def kill(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # macOS says "not permitted" of a group of zombies
            return

    def say(self, text: str) -> None:
        """All of its standard input, then the end of it."""
        stdin = self._running.get_pipe_transport(0)
        assert isinstance(stdin, asyncio.WriteTransport)
        stdin.write(text.encode())
        stdin.write_eof()

    @property
    def _running(self) -> asyncio.SubprocessTransport:
        assert self._transport is not None
        return self._transport

    # --- called by asyncio ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if len(self.printed) < REMEMBERED:
            self.printed += data
        *lines, self._unfinished = (self._unfinished + data).split(b"\n")
        if len(self._unfinished) > LONGEST_LINE:
            lines.append(self._unfinished)
            self._unfinished = b""
        for line in lines:
            self._on_line(line.rstrip(b"\r"))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        if fd == STDOUT and self._unfinished:
            self._on_line(self._unfinished)
            self._unfinished = b""

    def process_exited(self) -> None:
        self._exited.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._drained.set()


async def spawn(
    command: Sequence[str],
    env: Mapping[str, str],
    cwd: str,
    stdin: str,
    on_line: Callable[[bytes], None],
) -> Child:
    _, child = await asyncio.get_running_loop().subprocess_exec(
        lambda: Child(on_line),
        *command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(env),
        cwd=cwd,
        start_new_session=True,
        preexec_fn=die_with_parent(),
    )
    child.say(stdin)
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
