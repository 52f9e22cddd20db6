"""What runs in a container and has its streams open to clients: the first process's, and those of commands."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

from k8slab.emulator.nodes.container import Container
from k8slab.emulator.nodes.streams import Pipe
from k8slab.emulator.nodes.terminal import INTERRUPTED, Interrupted, Terminal
from k8slab.emulator.ports import ExecIO


class ClientOut:
    """One output stream of a client."""

    def __init__(self, io: ExecIO, stream: str) -> None:
        self._io, self._stream = io, stream

    async def write(self, data: bytes) -> None:
        if data:
            await self._io.write("stderr" if self._stream == "stderr" else "stdout", data)


async def on_terminal(io: ExecIO, run: Callable[[Terminal], Coroutine[Any, Any, int]]) -> int:
    """Runs something that has a terminal of its own; Ctrl-C ends it if nothing inside takes the key."""
    terminal = Terminal(ClientOut(io, "stdout"))
    io.on_resize(terminal.resize)
    typing = asyncio.ensure_future(_type(io, terminal))
    try:
        return await terminal.foreground(run(terminal))
    except Interrupted:
        return INTERRUPTED
    finally:
        typing.cancel()
        await asyncio.gather(typing, return_exceptions=True)


async def _type(io: ExecIO, terminal: Terminal) -> None:
    while data := await io.read():
        await terminal.type(data)
    await terminal.type(b"")


async def attach(container: Container, io: ExecIO) -> int:
    """From now on, until the process ends."""
    output = container.output.subscribe()
    if container.terminal is not None:
        io.on_resize(container.terminal.resize)
    typing = asyncio.ensure_future(_feed(container, io))
    try:
        async for stream, data in output:
            await io.write("stderr" if stream == "stderr" else "stdout", data)
    finally:
        typing.cancel()
        await asyncio.gather(typing, return_exceptions=True)
        container.output.unsubscribe(output)
        if container.spec.get("stdinOnce"):
            await _end_input(container)
    return 0


async def _feed(container: Container, io: ExecIO) -> None:
    if not container.spec.get("stdin"):
        return
    while data := await io.read():
        with contextlib.suppress(BrokenPipeError):
            if container.terminal is not None:
                await container.terminal.type(data)
            elif isinstance(container.stdin, Pipe):
                await container.stdin.write(data)
    if container.spec.get("stdinOnce"):
        await _end_input(container)


async def _end_input(container: Container) -> None:
    if container.terminal is not None:
        await container.terminal.type(b"")
    elif isinstance(container.stdin, Pipe):
        container.stdin.end()
