"""Commands that change the shell itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from k8slab.emulator.nodes.shell.control import Broken, Continued, Exited, Returned
from k8slab.emulator.nodes.streams import Lines

if TYPE_CHECKING:
    from k8slab.emulator.nodes.shell.interpreter import Shell

Builtin = Callable[["Shell", list[str]], Awaitable[int]]
BUILTINS: dict[str, Builtin] = {}


def builtin(*names: str) -> Callable[[Builtin], Builtin]:
    def register(run: Builtin) -> Builtin:
        for name in names:
            BUILTINS[name] = run
        return run

    return register


def _number(args: list[str], default: int) -> int:
    return int(args[0]) if args and args[0].lstrip("-").isdigit() else default


@builtin(":")
async def nothing(shell: Shell, args: list[str]) -> int:
    return 0


@builtin("cd")
async def cd(shell: Shell, args: list[str]) -> int:
    target = args[0] if args else shell.variables.get("HOME", "/root")
    if target == "-":
        target = shell.variables.get("OLDPWD", "/")
    path = shell.path(target)
    found = shell.box.files.find(path)
    if found is None or not shell.box.files.is_dir(path):
        why = "No such file or directory" if found is None else "Not a directory"
        await shell.process.err(f"{shell.name}: cd: can't cd to {target}: {why}\n")
        return 1
    shell.variables["OLDPWD"], shell.variables["PWD"] = shell.process.cwd, path
    shell.process.cwd = path
    return 0


@builtin("exit")
async def leave(shell: Shell, args: list[str]) -> int:
    raise Exited(_number(args, shell.status) & 255)


@builtin("return")
async def give_back(shell: Shell, args: list[str]) -> int:
    raise Returned(_number(args, shell.status) & 255)


@builtin("break")
async def stop_loop(shell: Shell, args: list[str]) -> int:
    if not shell.loop_depth:
        return 0
    raise Broken(min(_number(args, 1), shell.loop_depth))


@builtin("continue")
async def next_round(shell: Shell, args: list[str]) -> int:
    if not shell.loop_depth:
        return 0
    raise Continued(min(_number(args, 1), shell.loop_depth))


@builtin("export", "readonly", "local", "declare")
async def export(shell: Shell, args: list[str]) -> int:
    for arg in args:
        name, equals, value = arg.partition("=")
        if equals:
            shell.variables[name] = value
        shell.exported.add(name)
    return 0


@builtin("unset")
async def unset(shell: Shell, args: list[str]) -> int:
    for name in args:
        shell.variables.pop(name, None)
        shell.functions.pop(name, None)
    return 0


@builtin("set")
async def set_options(shell: Shell, args: list[str]) -> int:
    for place, arg in enumerate(args):
        if arg == "--":
            shell.arguments = args[place + 1 :]
            break
        if arg[:1] == "-":
            shell.options |= set(arg[1:])
        elif arg[:1] == "+":
            shell.options -= set(arg[1:])
    return 0


@builtin("shift")
async def shift(shell: Shell, args: list[str]) -> int:
    shell.arguments = shell.arguments[_number(args, 1) :]
    return 0


@builtin("read")
async def read(shell: Shell, args: list[str]) -> int:
    names = [arg for arg in args if not arg.startswith("-")] or ["REPLY"]
    if not isinstance(shell.process.stdin, Lines):
        shell.process.stdin = Lines(shell.process.stdin)
    line = await shell.process.stdin.next()
    words = line.decode(errors="replace").rstrip("\n").split(None, len(names) - 1)
    for place, name in enumerate(names):
        shell.variables[name] = words[place] if place < len(words) else ""
    return 0 if line else 1


@builtin("eval")
async def evaluate(shell: Shell, args: list[str]) -> int:
    return await shell.run_text(" ".join(args))


@builtin(".", "source")
async def source(shell: Shell, args: list[str]) -> int:
    try:
        text = shell.box.files.read(shell.path(args[0])) if args else b""
    except OSError as error:
        await shell.process.err(f"{shell.name}: .: {args[0]}: {error.strerror}\n")
        return 1
    return await shell.run_text(text.decode(errors="replace"))


@builtin("trap")
async def trap(shell: Shell, args: list[str]) -> int:
    if len(args) < 2:
        return 0
    text, *signals = args
    for signal in signals:
        name = {"0": "EXIT", "15": "TERM", "2": "INT"}.get(signal, signal.removeprefix("SIG"))
        if text == "-":
            shell.traps.pop(name, None)
        else:
            shell.traps[name] = text
            shell.process.on_signal[name] = lambda name=name: shell.signalled(name)  # type: ignore[misc]  # bound early
    return 0


@builtin("wait")
async def wait(shell: Shell, args: list[str]) -> int:
    status = 0
    for number in [int(a) for a in args if a.isdigit()] or list(shell.jobs):
        task = shell.jobs.pop(number, None)
        if task is None:
            continue
        waiter = asyncio.ensure_future(shell.signal_came.wait())
        await asyncio.wait({task, waiter}, return_when=asyncio.FIRST_COMPLETED)
        waiter.cancel()
        if not task.done():
            shell.jobs[number] = task
            return 143
        status = task.result()
    return status


@builtin("exec")
async def replace(shell: Shell, args: list[str]) -> int:
    if not args:
        return 0
    raise Exited(await shell.execute(args))


@builtin("command")
async def command(shell: Shell, args: list[str]) -> int:
    if args[:1] in (["-v"], ["-V"]):
        name = args[1] if len(args) > 1 else ""
        if name in BUILTINS or name in shell.functions:
            await shell.process.out(f"{name}\n")
            return 0
        if shell.box.image.has(name):
            await shell.process.out(f"/bin/{name}\n" if "/" not in name else f"{name}\n")
            return 0
        return 127
    return await shell.execute(args) if args else 0


@builtin("type")
async def kind(shell: Shell, args: list[str]) -> int:
    status = 0
    for name in args:
        if name in BUILTINS:
            await shell.process.out(f"{name} is a shell builtin\n")
        elif shell.box.image.has(name):
            await shell.process.out(f"{name} is /bin/{name}\n")
        else:
            await shell.process.err(f"{name}: not found\n")
            status = 127
    return status


@builtin("umask", "ulimit", "alias", "jobs", "hash")
async def accepted(shell: Shell, args: list[str]) -> int:
    return 0
