"""Redirections of a command's streams."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from k8slab.emulator.nodes.process import Process
from k8slab.emulator.nodes.streams import Empty, Given, Sink, Writer

if TYPE_CHECKING:
    from k8slab.emulator.nodes.shell.expand import Expander
    from k8slab.emulator.nodes.shell.tree import Redirect

MAIN_STREAMS = {"/proc/1/fd/1": "stdout", "/proc/1/fd/2": "stderr"}


async def redirected(process: Process, redirects: list[Redirect], expander: Expander) -> Process | None:
    """The process with its streams changed; None where a file could not be opened, which is complained about."""
    if not redirects:
        return process
    changed = process.child(process.name, process.args, pid=process.pid)
    for redirect in redirects:
        target = await expander.text(redirect.target)
        try:
            _apply(changed, redirect.fd, redirect.operator, target)
        except OSError as error:
            verb = "open" if redirect.operator == "<" else "create"
            reason = "nonexistent directory" if verb == "create" and error.errno == 2 else error.strerror
            reason = "no such file" if verb == "open" and error.errno == 2 else reason
            await process.err(f"{process.name}: can't {verb} {target}: {reason}\n")
            return None
    return changed


def _apply(process: Process, fd: int, operator: str, target: str) -> None:
    if operator == "<<":
        process.stdin = Given(target.encode())
    elif operator == "<":
        process.stdin = Given(_read(process, target))
    elif operator == ">&" and target in ("1", "2", "-"):
        _set(process, fd, Empty() if target == "-" else process.stdout if target == "1" else process.stderr)
    elif operator in ("&>", ">&"):
        process.stdout = process.stderr = _file(process, target, append=False)
    elif operator in (">", ">>"):
        _set(process, fd, _file(process, target, append=operator == ">>"))


def _set(process: Process, fd: int, writer: Writer) -> None:
    if fd == 2:
        process.stderr = writer
    else:
        process.stdout = writer


def _read(process: Process, name: str) -> bytes:
    return b"" if name == "/dev/null" else process.box.files.read(process.path(name))


def _file(process: Process, name: str, *, append: bool) -> Writer:
    box, path = process.box, process.path(name)
    if path in ("/dev/null", "/dev/zero"):
        return Empty()
    if path in ("/dev/stdout", "/dev/stderr"):
        return process.stdout if path.endswith("out") else process.stderr
    if path in MAIN_STREAMS:
        return Sink(lambda data: box.log(data, MAIN_STREAMS[path]))
    if not box.files.is_dir(posixpath.dirname(path)):
        raise FileNotFoundError(2, "No such file or directory", name)
    box.files.write(path, b"", append=append, now=box.clock.now())
    return Sink(lambda data: box.files.write(path, data, append=True, now=box.clock.now()))
