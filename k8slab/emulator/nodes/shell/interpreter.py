"""Runs shell trees in a simulated container."""

from __future__ import annotations

import asyncio
import itertools
import posixpath
from collections.abc import Awaitable, Callable
from functools import partial

from k8slab.emulator.nodes.process import Box, Process, find_command, run_command
from k8slab.emulator.nodes.shell.arithmetic import ArithmeticFailure
from k8slab.emulator.nodes.shell.builtins import BUILTINS
from k8slab.emulator.nodes.shell.compound import run_case, run_for, run_if, run_while
from k8slab.emulator.nodes.shell.control import Broken, Exited, Returned
from k8slab.emulator.nodes.shell.expand import BadSubstitution, Expander, ShellFailure
from k8slab.emulator.nodes.shell.redirects import redirected
from k8slab.emulator.nodes.shell.syntax import parse
from k8slab.emulator.nodes.shell.tree import (
    AndOr,
    Case,
    For,
    Function,
    Group,
    If,
    Node,
    Pipeline,
    Sequence,
    Simple,
    While,
)
from k8slab.emulator.nodes.shell.words import ShellSyntaxError
from k8slab.emulator.nodes.streams import Buffer, Empty, Pipe

BREATH_EVERY, BREATH_SECONDS = 200, 0.01  # a loop without a sleep must not keep the others from running
MAX_DEPTH = 60


class Shell:
    """One shell: its variables, functions and position. `process` holds the streams."""

    def __init__(self, process: Process, arguments: list[str], name: str = "sh", depth: int = 0) -> None:
        self.process, self.arguments, self.name, self.depth = process, arguments, name, depth
        self.variables: dict[str, str] = dict(process.env)
        self.exported: set[str] = set(process.env)
        self.functions: dict[str, Node] = {}
        self.traps: dict[str, str] = {}
        self.options: set[str] = set()
        self.last: Node | None = None  # the command that the shell becomes, as shells do with the last of -c
        self.pending: list[str] = []
        self.signal_came = asyncio.Event()
        self.status = 0
        self.jobs: dict[int, asyncio.Task[int]] = {}
        self.loop_depth = 0
        self._loops = itertools.count(1)
        self.expander = Expander(self, self._substitute)
        self._kinds: dict[type, Callable[..., Awaitable[int]]] = {
            Simple: self._simple,
            Pipeline: self._pipeline,
            AndOr: self._and_or,
            Sequence: self._sequence,
            If: partial(run_if, self),
            While: partial(run_while, self),
            For: partial(run_for, self),
            Case: partial(run_case, self),
            Function: self._function,
            Group: self._group,
        }

    @property
    def box(self) -> Box:
        return self.process.box

    def path(self, name: str) -> str:
        return self.process.path(name)

    def value(self, name: str) -> str | None:
        """A variable or a special parameter."""
        special = {"?": str(self.status), "#": str(len(self.arguments)), "$": str(self.process.pid), "0": self.name}
        if name in special:
            return special[name]
        if name in ("@", "*"):
            return " ".join(self.arguments)
        if name == "!":
            return str(max(self.jobs, default=""))
        if name.isdigit():
            place = int(name) - 1
            return self.arguments[place] if place < len(self.arguments) else None
        if name == "RANDOM":
            return str(next(self._loops) * 7919 % 32768)
        return self.variables.get(name)

    def signalled(self, name: str) -> None:
        """The trap runs when the command that runs now is over, or at once where the shell waits for jobs."""
        self.pending.append(name)
        self.signal_came.set()

    async def execute(self, words: list[str]) -> int:
        """A program, with what is exported."""
        return await execute(self, self.process.child(words[0], words[1:], env=self.environment()))

    def environment(self) -> dict[str, str]:
        return {name: self.variables[name] for name in self.variables if name in self.exported}

    async def run_text(self, text: str, *, becomes_last: bool = False) -> int:
        """A whole script; its exit code. With `becomes_last` its last command takes the shell's place."""
        try:
            tree = parse(text)
            if becomes_last and tree.items and not tree.items[-1][1]:
                self.last = tree.items[-1][0]
            await self.run(tree)
        except ShellSyntaxError as error:
            await self.process.err(f"{self.name}: {error}\n")
            self.status = 2
        except Exited as end:
            self.status = end.code
        except Broken:  # or continue, out of any loop
            pass
        except Returned as end:
            self.status = end.code
        except ShellFailure as error:
            await self.process.err(f"{self.name}: {error}\n")
            self.status = 2
        if "EXIT" in self.traps:
            text = self.traps.pop("EXIT")
            code = self.status
            await self.run_text(text)
            self.status = code
        return self.status

    async def run(self, node: Node) -> int:
        self.status = await self._kinds[type(node)](node)
        return self.status

    async def _sequence(self, node: Sequence) -> int:
        status = 0
        for item, background in node.items:
            if background:
                self._start_job(item)
                continue
            status = await self.run(item)
            if status and "e" in self.options and not isinstance(item, AndOr):
                raise Exited(status)
            await self._deliver()
        return status

    async def _deliver(self) -> None:
        """Traps whose signal came while a command ran."""
        while self.pending:
            text = self.traps.get(self.pending.pop(0))
            if text:
                await self.run(parse(text))

    def _start_job(self, node: Node) -> None:
        child = self._copy(stdin=Empty())
        number = next(self.box.pids)
        task = asyncio.get_running_loop().create_task(child.finish(node))
        self.jobs[number] = task

    async def finish(self, node: Node) -> int:
        """Runs a tree as a whole shell does: an exit ends only this one."""
        try:
            return await self.run(node)
        except Exited as end:
            return end.code
        except BrokenPipeError:
            return 141

    def _copy(self, **streams: object) -> Shell:
        child = Shell(self.process.child(self.process.name, self.process.args, **streams), self.arguments, self.name)
        child.process.pid = self.process.pid
        child.depth = self.depth + 1
        child.variables, child.exported = dict(self.variables), set(self.exported)
        child.functions, child.options, child.status = dict(self.functions), set(self.options), self.status
        if child.depth > MAX_DEPTH:
            raise ShellFailure("too many nested shells")
        return child

    async def _substitute(self, text: str) -> str:
        output = Buffer()
        child = self._copy(stdout=output)
        self.status = await child.run_text(text)
        return output.value().decode(errors="replace")

    async def _and_or(self, node: AndOr) -> int:
        status = await self.run(node.first)
        for operator, item in node.rest:
            if (status == 0) == (operator == "&&"):
                status = await self.run(item)
        return status

    async def _pipeline(self, node: Pipeline) -> int:
        if len(node.stages) == 1:
            status = await self.run(node.stages[0])
        else:
            status = await self._piped(node.stages)
        return int(not status) if node.negated else status

    async def _piped(self, stages: list[Node]) -> int:
        """All stages at once, each in its own shell; the last one's code counts."""
        pipes = [Pipe() for _ in stages[1:]]
        tasks = []
        for place, stage in enumerate(stages):
            source = pipes[place - 1] if place else None
            target = pipes[place] if place < len(pipes) else None
            child = self._copy(stdin=source or self.process.stdin, stdout=target or self.process.stdout)
            tasks.append(asyncio.get_running_loop().create_task(_stage(child, stage, source, target)))
        try:
            codes = await asyncio.gather(*tasks)
        except asyncio.CancelledError:
            for task in tasks:
                task.cancel()
            raise
        return codes[-1]

    async def breathe(self) -> None:
        """Between the rounds of a loop."""
        if next(self._loops) % BREATH_EVERY == 0:
            await self.box.clock.sleep(BREATH_SECONDS)
        await self._deliver()

    async def _function(self, node: Function) -> int:
        self.functions[node.name] = node.body
        return 0

    async def _group(self, node: Group) -> int:
        target = self._copy() if node.subshell else self
        kept = target.process
        streams = await redirected(target.process, node.redirects, self.expander)
        if streams is None:
            return 1
        target.process = streams
        try:
            return await (target.finish(node.body) if node.subshell else target.run(node.body))
        finally:
            target.process = kept

    async def _simple(self, node: Simple) -> int:
        try:
            words = await self.expander.words(node.words)
            values = [(name, await self.expander.text(word)) for name, word in node.assignments]
        except (ArithmeticFailure, BadSubstitution) as error:
            raise ShellFailure(str(error) or "bad substitution") from error
        streams = await redirected(self.process, node.redirects, self.expander)
        if streams is None:
            return 1
        if "x" in self.options and words:
            await self.process.err(f"+ {' '.join(words)}\n")
        if not words:
            self._assign(values)
            return self.status if any(p.kind == "command" for _, w in node.assignments for p in w.parts) else 0
        in_place = node is self.last and not self.traps
        return await self._call(words, values, streams, self.process.pid if in_place else 0)

    def _assign(self, values: list[tuple[str, str]]) -> None:
        self.variables.update(values)
        if "a" in self.options:
            self.exported.update(name for name, _ in values)

    async def _call(self, words: list[str], values: list[tuple[str, str]], streams: Process, pid: int) -> int:
        name, *args = words
        if name in self.functions:
            return await self._call_function(name, args, streams)
        if name in BUILTINS:
            self._assign(values)
            kept, self.process = self.process, streams
            try:
                return await BUILTINS[name](self, args)
            finally:
                streams_after, self.process = self.process, kept
                self.process.cwd = streams_after.cwd
        env = {**self.environment(), **dict(values)}
        return await execute(self, streams.child(name, args, env=env, pid=pid))

    async def _call_function(self, name: str, args: list[str], streams: Process) -> int:
        kept, self.process = self.process, streams
        kept_arguments, self.arguments = self.arguments, args
        self.depth += 1
        try:
            if self.depth > MAX_DEPTH:
                raise ShellFailure("too many nested functions")
            return await self.run(self.functions[name])
        except Returned as end:
            return end.code
        finally:
            self.depth -= 1
            self.process, self.arguments = kept, kept_arguments


async def _stage(shell: Shell, node: Node, source: Pipe | None, target: Pipe | None) -> int:
    try:
        return await shell.finish(node)
    finally:
        if source is not None:
            source.stop_reading()
        if target is not None:
            target.end()


async def execute(shell: Shell, process: Process) -> int:
    """A program of the image, or a script in a file."""
    found = find_command(shell.box, process.name)
    if found is not None:
        return await run_command(process, found)
    files = shell.box.files
    script = process.path(process.name) if "/" in process.name else ""
    if script and files.exists(script):
        if files.is_dir(script):
            await shell.process.err(f"{shell.name}: {process.name}: Permission denied\n")
            return 126
        child = Shell(process, process.args, process.name, shell.depth + 1)
        if child.depth > MAX_DEPTH:
            raise ShellFailure("too many nested shells")
        return await child.run_text(files.read(script).decode(errors="replace"))
    await process.stderr.write(f"{shell.name}: {_not_found(shell, process.name)}\n".encode())
    return 127


def _not_found(shell: Shell, program: str) -> str:
    """bash has words of its own, and counts lines unless it talks with somebody."""
    if posixpath.basename(shell.process.name) != "bash":
        return f"{program}: not found"
    return f"{'' if 'i' in shell.options else 'line 1: '}{program}: command not found"
