"""What commands have in common: options, the files that they read, lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from k8slab.emulator.nodes.process import Process
from k8slab.emulator.nodes.streams import read_all

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "a": "\a", "b": "\b", "0": "\0", "e": "\x1b"}


def split_options(args: list[str]) -> tuple[str, list[str]]:
    """Letters of the short options, and what is none."""
    flags, rest = "", []
    for place, arg in enumerate(args):
        if arg == "--":
            rest += args[place + 1 :]
            break
        if arg.startswith("--"):
            flags += {"--parents": "p", "--recursive": "r", "--force": "f", "--all": "a"}.get(arg, "")
        elif arg.startswith("-") and len(arg) > 1:
            flags += arg[1:]
        else:
            rest.append(arg)
    return flags, rest


def proc_file(process: Process, path: str) -> bytes | None:
    """The few files of /proc that people look at."""
    box = process.box
    if path in ("/proc/1/cmdline", "/proc/self/cmdline"):
        chosen = box.processes.get(1, process) if "/1/" in path else process
        return b"\0".join(word.encode() for word in [chosen.name, *chosen.args]) + b"\0"
    if path in ("/proc/1/environ", "/proc/self/environ"):
        return b"".join(f"{key}={value}\0".encode() for key, value in box.env.items())
    known = {
        "/proc/version": b"Linux version 6.12.0 (k8slab)\n",
        "/proc/meminfo": b"MemTotal:        8388608 kB\nMemFree:         6291456 kB\nMemAvailable:    7340032 kB\n",
        "/proc/cpuinfo": b"".join(f"processor\t: {n}\nmodel name\t: simulated\n\n".encode() for n in range(4)),
        "/proc/uptime": b"86400.00 300000.00\n",
        "/proc/loadavg": b"0.00 0.00 0.00 1/100 1\n",
        "/proc/self/status": b"Name:\tcat\nState:\tR (running)\nPid:\t1\n",
        "/dev/null": b"",
    }
    return known.get(path)


async def read_input(process: Process, name: str) -> bytes:
    if name == "-":
        return await read_all(process.stdin)
    path = process.path(name)
    special = proc_file(process, path)
    return process.box.files.read(path) if special is None else special


def unescape(text: str) -> str:
    return re.sub(r"\\([ntr\\ab0e])", lambda match: ESCAPES[match[1]], text)


async def read_lines(process: Process, names: list[str]) -> list[str]:
    data = b"".join([await read_input(process, name) for name in names or ["-"]])
    return data.decode(errors="replace").splitlines()


async def print_lines(process: Process, lines: Iterable[str]) -> None:
    await process.out("".join(f"{line}\n" for line in lines))
