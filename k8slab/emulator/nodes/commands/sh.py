"""sh and its relatives: -c text, a script file, or what stdin says."""

from __future__ import annotations

from k8slab.emulator.nodes.process import Process, command
from k8slab.emulator.nodes.shell.control import Exited
from k8slab.emulator.nodes.shell.expand import ShellFailure
from k8slab.emulator.nodes.shell.interpreter import Shell
from k8slab.emulator.nodes.shell.syntax import parse
from k8slab.emulator.nodes.shell.words import ShellSyntaxError
from k8slab.emulator.nodes.streams import Lines


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
    shell = Shell(process, [])
    text = ""
    while True:
        if process.tty:
            await process.out(_prompt(shell) if not text else "> ")
        line = await lines.next()
        if not line:
            return shell.status
        text += line.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")
        try:
            tree = parse(text)
        except ShellSyntaxError as error:
            if "end of file" in str(error) or "unterminated" in str(error):
                continue
            await process.err(f"{shell.name}: {error}\n")
            text, shell.status = "", 2
            continue
        text = ""
        try:
            await shell.run(tree)
        except Exited as end:
            return end.code
        except ShellFailure as error:
            await process.err(f"{shell.name}: {error}\n")


def _prompt(shell: Shell) -> str:
    where = shell.process.cwd
    home = shell.variables.get("HOME", "/root")
    where = "~" if where == home else where
    return f"{where} {'#' if shell.box.uid == 0 else '$'} "
