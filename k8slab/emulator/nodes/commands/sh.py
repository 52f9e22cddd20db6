"""sh and its relatives: -c text, a script file, or what stdin says."""

from __future__ import annotations

import posixpath
from collections.abc import Coroutine
from typing import Any

from k8slab.emulator.nodes.process import Process, command
from k8slab.emulator.nodes.shell.control import Exited
from k8slab.emulator.nodes.shell.expand import ShellFailure
from k8slab.emulator.nodes.shell.interpreter import Shell
from k8slab.emulator.nodes.shell.syntax import parse
from k8slab.emulator.nodes.shell.tree import Node
from k8slab.emulator.nodes.shell.words import ShellSyntaxError
from k8slab.emulator.nodes.streams import Lines
from k8slab.emulator.nodes.terminal import INTERRUPTED, Interrupted


@command("sh", "ash", "bash", "dash")
async def sh(process: Process) -> int:
    args = list(process.args)
    options: set[str] = set()
    while args and args[0].startswith("-") and args[0] != "-":
        option = args.pop(0)
        if "c" in option and not option.startswith("--"):
            options |= set(option[1:]) - {"c"}
            return await _text(process, args, options)
        if option == "--":
            break
        if not option.startswith("--"):
            options |= set(option[1:])
    if args:
        return await _file(process, args, options)
    return await _interactive(process)


async def _text(process: Process, args: list[str], options: set[str]) -> int:
    if not args:
        return await process.fail("-c requires an argument", 2)
    text, *rest = args
    shell = Shell(process, rest[1:], rest[0] if rest else process.name)
    shell.options |= options
    return await shell.run_text(text, becomes_last=True)


async def _file(process: Process, args: list[str], options: set[str]) -> int:
    try:
        text = process.box.files.read(process.path(args[0]))
    except OSError as error:
        await process.err(f"{process.name}: can't open '{args[0]}': {error.strerror}\n")
        return 2
    shell = Shell(process, args[1:], args[0])
    shell.options |= options
    return await shell.run_text(text.decode(errors="replace"))


async def _interactive(process: Process) -> int:
    """Line by line; a line that is not whole yet waits for the next. With a terminal it shows a prompt."""
    lines = Lines(process.stdin)
    process.stdin = lines
    shell = Shell(process, [], process.name)
    shell.options.add("i")
    text, history = "", list[str]()
    while True:
        try:
            line = await _ask(shell, lines, history, begun=bool(text))
            if not line:
                return shell.status
            text += line
            tree = _tree(text)
            if tree is None:
                continue
            text = ""
            await _in_foreground(process, shell.run(tree))
        except Interrupted:
            text, shell.status = "", INTERRUPTED
        except ShellSyntaxError as error:
            await process.err(f"{shell.name}: {error}\n")
            text, shell.status = "", 2
        except Exited as end:
            return end.code
        except ShellFailure as error:
            await process.err(f"{shell.name}: {error}\n")


async def _ask(shell: Shell, lines: Lines, history: list[str], *, begun: bool) -> str:
    """The next line; "" at the end of all input."""
    process, terminal = shell.process, shell.process.terminal
    if terminal is None:
        line = await lines.next()
    else:
        await process.out("> " if begun else _prompt(shell))
        terminal.history = history
        try:
            line = await terminal.foreground(lines.next())
        finally:
            terminal.history = None
    return line.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def _tree(text: str) -> Node | None:
    """None where the command goes on in the next line."""
    try:
        return parse(text)
    except ShellSyntaxError as error:
        if "end of file" in str(error) or "unterminated" in str(error):
            return None
        raise


async def _in_foreground(process: Process, work: Coroutine[Any, Any, int]) -> int:
    return await (work if process.terminal is None else process.terminal.foreground(work))


def _prompt(shell: Shell) -> str:
    """As the shells of the images say it: bash of most of them, dash of Debian, ash of busybox."""
    process, box = shell.process, shell.box
    mark = "#" if box.uid == 0 else "$"
    where = process.cwd
    home = shell.variables.get("HOME", "/root")
    if posixpath.basename(process.name) == "bash":
        user = "root" if box.uid == 0 else "I have no name!"
        where = "~" + where.removeprefix(home) if where == home or where.startswith(f"{home}/") else where
        return f"{user}@{box.hostname}:{where}{mark} "
    if "Debian" in box.image.os:
        return f"{mark} "
    return f"{'~' if where == home else where} {mark} "
