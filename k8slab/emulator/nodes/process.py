"""A simulated process and the container that it runs in, as commands see them."""

from __future__ import annotations

import asyncio
import itertools
import math
import posixpath
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from k8slab.emulator.clock import Clock
from k8slab.emulator.later import Package
from k8slab.emulator.nodes.files import FileSystem
from k8slab.emulator.nodes.images import Image, memory_of
from k8slab.emulator.nodes.streams import Empty, Reader, Writer
from k8slab.emulator.nodes.terminal import Terminal

if TYPE_CHECKING:  # the network serves processes and is used by them
    from k8slab.emulator.nodes.network import Host

NOT_FOUND, NOT_EXECUTABLE, KILLED, BROKEN_PIPE = 127, 126, 137, 141


@dataclass(eq=False, repr=False)
class Box:
    """The inside of one container."""

    image: Image
    files: FileSystem
    host: Host
    env: Mapping[str, str]
    hostname: str
    domain: str
    clock: Clock
    uid: int = 0
    gid: int = 0
    processes: dict[int, Process] = field(default_factory=dict)
    pids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    log: Callable[[bytes, str], None] = lambda data, stream: None
    memory_limit: float = math.inf
    memory_taken: float = 0.0
    out_of_memory: Callable[[], None] = lambda: None  # ends the container
    signal_first: Callable[[str], None] = lambda signal: None  # a signal without a handler, to process 1

    def take_memory(self, size: float) -> bool:
        """False where it is more than the container may have: then all of it is killed."""
        if self.memory_taken + size > self.memory_limit:
            self.out_of_memory()
            return False
        self.memory_taken += size
        return True

    def give_memory(self, size: float) -> None:
        self.memory_taken -= size


@dataclass(eq=False, repr=False)
class Process:
    """One running command. `args` excludes its name."""

    box: Box
    name: str
    args: list[str]
    env: dict[str, str]
    cwd: str = "/"
    stdin: Reader = field(default_factory=Empty)
    stdout: Writer = field(default_factory=Empty)
    stderr: Writer = field(default_factory=Empty)
    pid: int = 0
    terminal: Terminal | None = None
    on_signal: dict[str, Callable[[], None]] = field(default_factory=dict)

    @property
    def tty(self) -> bool:
        return self.terminal is not None

    async def out(self, text: str | bytes) -> None:
        await self.stdout.write(text.encode() if isinstance(text, str) else text)

    async def err(self, text: str) -> None:
        await self.stderr.write(text.encode())

    async def fail(self, text: str, code: int = 1) -> int:
        """Complains in the usual form, `name: text`, and gives the exit code."""
        await self.err(f"{self.name}: {text}\n")
        return code

    def path(self, name: str) -> str:
        return posixpath.normpath(posixpath.join(self.cwd, name))

    def child(self, name: str, args: list[str], **changed: object) -> Process:
        values: dict[str, object] = {
            "env": dict(self.env),
            "cwd": self.cwd,
            "stdin": self.stdin,
            "stdout": self.stdout,
            "stderr": self.stderr,
            "terminal": self.terminal,
            **changed,
        }
        return Process(self.box, name, args, **values)  # type: ignore[arg-type]  # the fields above, by name


Main = Callable[[Process], Awaitable[int]]


class Command(NamedTuple):
    """A program. `on_term` is the code with which it ends as the container's first process on SIGTERM; None: a
    process 1 without a handler ignores the signal, and is killed when the grace is over."""

    main: Main
    on_term: int | None = None


COMMANDS: dict[str, Command] = {}
PROGRAMS = Package("k8slab.emulator.nodes.commands")  # each module registers its commands


def command(*names: str, on_term: int | None = None) -> Callable[[Main], Main]:
    def register(main: Main) -> Main:
        for name in names:
            COMMANDS[name] = Command(main, on_term)
        return main

    return register


def find_command(box: Box, program: str) -> Command | None:
    """What the image has by this name; scripts in files are the shell's business."""
    if not box.image.has(program):
        return None
    PROGRAMS.load()
    return COMMANDS.get(program) or COMMANDS.get(posixpath.basename(program))


async def run_command(process: Process, found: Command) -> int:
    """Runs to the end, listed among the container's processes meanwhile."""
    box = process.box
    process.pid = process.pid or next(box.pids)
    box.processes[process.pid] = process
    memory = memory_of(process.name)
    if not box.take_memory(memory):
        box.processes.pop(process.pid, None)
        return KILLED
    try:
        return await found.main(process)
    except BrokenPipeError:
        return BROKEN_PIPE
    except OSError as error:
        return await process.fail(f"{error.filename}: {error.strerror}")
    finally:
        box.give_memory(memory)
        box.processes.pop(process.pid, None)


async def forever() -> int:
    """What a server does between requests."""
    await asyncio.get_running_loop().create_future()
    return 0
