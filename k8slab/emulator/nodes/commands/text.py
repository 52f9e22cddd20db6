"""Commands on lines of text."""

from __future__ import annotations

import base64
import hashlib
import math
import re

from k8slab.emulator.nodes.commands.inputs import (
    print_lines,
    read_input,
    read_lines,
    split_options,
    unescape,
)
from k8slab.emulator.nodes.process import KILLED, Process, command, find_command, run_command
from k8slab.emulator.nodes.streams import Given, Lines, read_all


@command("echo")
async def echo(process: Process) -> int:
    args, newline, escapes = list(process.args), "\n", False
    while args and re.fullmatch(r"-[neE]+", args[0]):
        flags = args.pop(0)
        newline = "" if "n" in flags else newline
        escapes |= "e" in flags
    text = " ".join(args)
    await process.out((unescape(text) if escapes else text) + newline)
    return 0


@command("printf")
async def printf(process: Process) -> int:
    if not process.args:
        return await process.fail("usage: printf FORMAT [ARG]...", 2)
    template, values = unescape(process.args[0]), list(process.args[1:])
    while True:
        used = len(values)

        def filled(match: re.Match[str]) -> str:
            if match[0] == "%%":
                return "%"
            value = values.pop(0) if values else ""
            if match[2] in "di":
                return f"%{match[1]}d" % int(value or 0)
            return unescape(value) if match[2] == "b" else f"%{match[1]}s" % value

        await process.out(re.sub(r"%%|%([-0-9.]*)([sdib])", filled, template))
        if not values or len(values) == used:
            return 0


@command("grep", "egrep")
async def grep(process: Process) -> int:
    flags, rest = split_options(process.args)
    if not rest:
        return await process.fail("usage: grep PATTERN [FILE]...", 2)
    pattern, *names = rest
    if "F" in flags:
        pattern = re.escape(pattern)
    elif "E" not in flags and process.name != "egrep":
        pattern = pattern.replace("\\|", "|").replace("\\(", "(").replace("\\)", ")")
    matcher = re.compile(rf"\b(?:{pattern})\b" if "w" in flags else pattern, re.IGNORECASE if "i" in flags else 0)
    if "r" in flags or "R" in flags:
        files = process.box.files
        names = [p for n in names or ["."] for p in files.walk(process.path(n)) if not files.is_dir(p)]
    found = 0
    for name in names or ["-"]:
        head = f"{name}:" if len(names) > 1 and "h" not in flags else ""
        found += await _grep_one(process, matcher, name, head, flags)
    return 0 if found else 1


async def _grep_one(process: Process, matcher: re.Pattern[str], name: str, head: str, flags: str) -> int:
    source = Lines(process.stdin if name == "-" else Given(await read_input(process, name)))
    count = number = 0
    while raw := await source.next():
        number += 1
        line = raw.decode(errors="replace").rstrip("\n")
        match = matcher.search(line)
        if (match is None) == ("v" not in flags):
            continue
        count += 1
        if "q" in flags:
            return 1
        if "c" in flags or "l" in flags:
            continue
        shown = match[0] if "o" in flags and match else line
        await process.out(f"{head}{f'{number}:' if 'n' in flags else ''}{shown}\n")
    if "c" in flags:
        await process.out(f"{head}{count}\n")
    elif "l" in flags and count:
        await process.out(f"{name}\n")
    return count


def _count(args: list[str], default: int) -> tuple[str, list[str], str]:
    """The number after -n, -c or as -5; the rest; and which of lines or bytes."""
    number, unit, rest = str(default), "n", []
    waiting = False
    for arg in args:
        if waiting:
            number, waiting = arg, False
        elif re.fullmatch(r"-\d+", arg):
            number = arg[1:]
        elif arg[:2] in ("-n", "-c"):
            unit, number, waiting = arg[1], arg[2:] or number, not arg[2:]
        else:
            rest.append(arg)
    return number, rest, unit


@command("head")
async def head(process: Process) -> int:
    number, names, unit = _count(process.args, 10)
    limit = int(number)
    for name in names or ["-"]:
        if unit == "c":
            await process.out((await read_input(process, name))[:limit])
            continue
        source = Lines(process.stdin if name == "-" else Given(await read_input(process, name)))
        if len(names) > 1:
            await process.out(f"==> {name} <==\n")
        for _ in range(limit):
            line = await source.next()
            if not line:
                break
            await process.out(line)
    return 0


@command("tail")
async def tail(process: Process) -> int:
    number, rest, unit = _count(process.args, 10)
    flags, names = split_options(rest)
    if "/dev/zero" in names:  # a line without an end: it keeps all of it
        process.box.take_memory(math.inf)
        return KILLED
    data = b"".join([await read_input(process, name) for name in names or ["-"] if name != "/dev/null"])
    if unit == "c":
        await process.out(data[-int(number.lstrip("+")) :])
    else:
        lines = data.splitlines(keepends=True)
        chosen = (
            lines[int(number[1:]) - 1 :]
            if number.startswith("+")
            else lines[len(lines) - min(int(number), len(lines)) :]
        )
        await process.out(b"".join(chosen))
    if flags and set(flags) & {"f", "F"}:
        await _follow(process, names, len(data))
    return 0


async def _follow(process: Process, names: list[str], size: int) -> None:
    """Looks every second, as tail does; /dev/null never says anything."""
    while True:
        await process.box.clock.sleep(1)
        for name in names[:1]:
            path = process.path(name)
            if path == "/dev/null" or not process.box.files.exists(path):
                continue
            data = process.box.files.read(path)
            if len(data) > size:
                await process.out(data[size:])
            size = len(data)


@command("wc")
async def wc(process: Process) -> int:
    flags, names = split_options(process.args)
    for name in names or ["-"]:
        data = await read_input(process, name)
        counts = {"l": data.count(b"\n"), "w": len(data.split()), "c": len(data)}
        shown = [counts[flag] for flag in "lwc" if not flags or flag in flags]
        text = str(shown[0]) if len(shown) == 1 else " ".join(f"{n:>9}" for n in shown)
        await process.out(f"{text} {name}\n" if names else f"{text}\n")
    return 0


@command("seq")
async def seq(process: Process) -> int:
    numbers = [int(arg) for arg in process.args if arg.lstrip("-").isdigit()]
    first, step, last = {1: (1, 1, numbers[-1]), 2: (numbers[0], 1, numbers[-1])}.get(
        len(numbers), (*numbers, 1, 1)[:3] if numbers else (1, 1, 0)
    )
    await print_lines(process, (str(n) for n in range(first, last + (1 if step > 0 else -1), step or 1)))
    return 0


@command("xargs")
async def xargs(process: Process) -> int:
    args, batch, each = list(process.args), 0, ""
    while args and args[0].startswith("-"):
        option = args.pop(0)
        if option[:2] == "-n":
            batch = int(option[2:] or args.pop(0))
        elif option[:2] == "-I":
            each = option[2:] or args.pop(0)
    text = (await read_all(process.stdin)).decode(errors="replace")
    words = text.splitlines() if each else text.split()
    name, *fixed = args or ["echo"]
    size = 1 if each else batch or max(1, len(words))
    code = 0
    for start in range(0, len(words), size):
        part = words[start : start + size]
        given = [arg.replace(each, part[0]) for arg in fixed] if each else [*fixed, *part]
        found = find_command(process.box, name)
        if found is None:
            return await process.fail(f"{name}: No such file or directory", 127)
        code = max(code, await run_command(process.child(name, given), found))
    return code


@command("base64")
async def base64_text(process: Process) -> int:
    flags, names = split_options(process.args)
    data = await read_input(process, names[0] if names else "-")
    if "d" in flags:
        await process.out(base64.b64decode(data))
        return 0
    await process.out(base64.b64encode(data) + b"\n")
    return 0


@command("sha256sum", "md5sum")
async def digest(process: Process) -> int:
    for name in process.args or ["-"]:
        data = await read_input(process, name)
        value = hashlib.sha256(data) if process.name == "sha256sum" else hashlib.md5(data, usedforsecurity=False)
        await process.out(f"{value.hexdigest()}  {name}\n")
    return 0


@command("yes")
async def yes(process: Process) -> int:
    line = f"{' '.join(process.args) or 'y'}\n"
    while True:
        for _ in range(1000):  # more than a pipe holds, so that a reader that has enough ends it
            await process.out(line * 100)
        await process.box.clock.sleep(0.01)


@command("more", "less")
async def more(process: Process) -> int:
    await print_lines(process, await read_lines(process, split_options(process.args)[1]))
    return 0
