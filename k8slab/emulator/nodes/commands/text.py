"""Commands on lines of text."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Iterable

from k8slab.emulator.nodes.commands.files import read_input, split_options
from k8slab.emulator.nodes.process import KILLED, Process, command, find_command, run_command
from k8slab.emulator.nodes.streams import Given, Lines, read_all

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "a": "\a", "b": "\b", "0": "\0", "e": "\x1b"}


def unescape(text: str) -> str:
    return re.sub(r"\\([ntr\\ab0e])", lambda match: ESCAPES[match[1]], text)


async def _lines(process: Process, names: list[str]) -> list[str]:
    data = b"".join([await read_input(process, name) for name in names or ["-"]])
    return data.decode(errors="replace").splitlines()


async def _print(process: Process, lines: Iterable[str]) -> None:
    await process.out("".join(f"{line}\n" for line in lines))


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


@command("sort", "uniq", "rev", "tac")
async def ordered(process: Process) -> int:
    flags, names = split_options(process.args)
    lines = await _lines(process, names)
    if process.name == "sort":
        if "n" in flags:
            lines.sort(key=lambda line: float((re.match(r"\s*(-?\d+\.?\d*)", line) or ["", "0"])[1]))
        else:
            lines.sort()
        lines = list(dict.fromkeys(lines)) if "u" in flags else lines
        lines = lines[::-1] if "r" in flags else lines
    elif process.name == "uniq":
        runs: list[tuple[str, int]] = []
        for line in lines:
            if runs and runs[-1][0] == line:
                runs[-1] = (line, runs[-1][1] + 1)
            else:
                runs.append((line, 1))
        lines = [f"{n:>7} {line}" if "c" in flags else line for line, n in runs if "d" not in flags or n > 1]
    else:
        lines = [line[::-1] for line in lines] if process.name == "rev" else lines[::-1]
    await _print(process, lines)
    return 0


def _ranges(text: str) -> list[tuple[int, int]]:
    found = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        found.append((int(first or 1), int(last) if last else 1 << 30 if dash else int(first)))
    return found


@command("cut")
async def cut(process: Process) -> int:
    delimiter, mode, text, names = "\t", "", "", []
    args = list(process.args)
    while args:
        arg = args.pop(0)
        if arg[:2] in ("-d", "-f", "-c", "-b"):
            value = arg[2:] or (args.pop(0) if args else "")
            if arg[1] == "d":
                delimiter = value
            else:
                mode, text = arg[1], value
        elif not arg.startswith("-") or arg == "-":
            names.append(arg)
    ranges = _ranges(text)
    result = []
    for line in await _lines(process, names):
        parts = line.split(delimiter) if mode == "f" else list(line)
        if mode == "f" and len(parts) == 1:
            result.append(line)
            continue
        chosen = [p for i, p in enumerate(parts, 1) if any(low <= i <= high for low, high in ranges)]
        result.append((delimiter if mode == "f" else "").join(chosen))
    await _print(process, result)
    return 0


SETS = {"[:upper:]": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "[:lower:]": "abcdefghijklmnopqrstuvwxyz", "[:digit:]": "0123456789",
        "[:space:]": " \t\n\r"}  # fmt: skip


def _characters(text: str) -> str:
    for name, members in SETS.items():
        text = text.replace(name, members)
    text = unescape(text)
    return re.sub(r"(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), text)


@command("tr")
async def tr(process: Process) -> int:
    flags, rest = split_options(process.args)
    data = (await read_all(process.stdin)).decode(errors="replace")
    first = _characters(rest[0]) if rest else ""
    if "d" in flags:
        await process.out("".join(char for char in data if char not in first))
        return 0
    second = _characters(rest[1]) if len(rest) > 1 else ""
    if second:
        padded = second + second[-1] * (len(first) - len(second))
        data = data.translate(str.maketrans(first, padded[: len(first)]))
    if "s" in flags:
        squeezed = re.escape(second or first)
        data = re.sub(f"([{squeezed}])\\1+", r"\1", data)
    await process.out(data)
    return 0


SUBSTITUTE = re.compile(r"^s(.)(.*?)(?<!\\)\1(.*?)(?<!\\)\1([gip]*)$", re.S)


@command("sed")
async def sed(process: Process) -> int:
    """Substitution, and printing or deleting lines by number or pattern."""
    flags, rest = split_options(process.args)
    if not rest:
        return await process.fail("usage: sed SCRIPT [FILE]...")
    script, *names = rest
    in_place = "i" in flags and bool(names)
    for name in names if in_place else [""]:
        lines = await _lines(process, [name] if in_place else names)
        for part in script.split(";"):
            lines = _edited(lines, part.strip(), "n" in flags, "E" in flags or "r" in flags)
        if in_place:
            text = "".join(f"{line}\n" for line in lines)
            process.box.files.write(process.path(name), text.encode(), now=process.box.clock.now())
        else:
            await _print(process, lines)
    return 0


def _edited(lines: list[str], part: str, quiet: bool, extended: bool) -> list[str]:
    substitute = SUBSTITUTE.match(part)
    if substitute:
        _, old, new, options = substitute.groups()
        if not extended:
            old = old.replace("\\(", "(").replace("\\)", ")")
        new = re.sub(r"(?<!\\)&", r"\\g<0>", new)
        count = 0 if "g" in options else 1
        return [re.sub(old, new, line, count=count, flags=re.I if "i" in options else 0) for line in lines]
    match = re.fullmatch(r"(?:(\d+)(?:,(\d+|\$))?|/(.*)/)?([pd])", part)
    if not match:
        return lines
    low = int(match[1]) if match[1] else 1
    high = low if match[1] and not match[2] else int(match[2]) if match[2] and match[2] != "$" else len(lines)

    def chosen(number: int, line: str) -> bool:
        return bool(re.search(match[3], line)) if match[3] is not None else low <= number <= high

    picked = [chosen(number, line) for number, line in enumerate(lines, 1)]
    if match[4] == "d":
        return [line for line, taken in zip(lines, picked, strict=True) if not taken]
    return [line for line, taken in zip(lines, picked, strict=True) for _ in range(taken + (not quiet))]


@command("awk")
async def awk(process: Process) -> int:
    """`{print $1, $3}` with -F and a /pattern/ before it: what one-liners in lessons need."""
    args, separator = list(process.args), None
    if args[:1] and args[0].startswith("-F"):
        option = args.pop(0)
        separator = option[2:] or args.pop(0)
    program, *names = args or [""]
    match = re.fullmatch(r"\s*(?:/(.*)/\s*)?(?:NR\s*==\s*(\d+)\s*)?{\s*print\s*(.*?)\s*}\s*", program)
    if not match:
        return await process.fail("this program is more than a simulated awk understands", 2)
    for number, line in enumerate(await _lines(process, names), 1):
        if (match[1] and not re.search(match[1], line)) or (match[2] and number != int(match[2])):
            continue
        fields = line.split(separator)
        shown = [_awk_value(part.strip(), line, fields) for part in match[3].split(",")] if match[3] else [line]
        await process.out(" ".join(shown) + "\n")
    return 0


def _awk_value(text: str, line: str, fields: list[str]) -> str:
    if text == "$0":
        return line
    if text == "$NF":
        return fields[-1] if fields else ""
    if re.fullmatch(r"\$\d+", text):
        place = int(text[1:])
        return fields[place - 1] if place <= len(fields) else ""
    return {"NF": str(len(fields))}.get(text, text.strip('"'))


@command("seq")
async def seq(process: Process) -> int:
    numbers = [int(arg) for arg in process.args if arg.lstrip("-").isdigit()]
    first, step, last = {1: (1, 1, numbers[-1]), 2: (numbers[0], 1, numbers[-1])}.get(
        len(numbers), (*numbers, 1, 1)[:3] if numbers else (1, 1, 0)
    )
    await _print(process, (str(n) for n in range(first, last + (1 if step > 0 else -1), step or 1)))
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
    await _print(process, await _lines(process, split_options(process.args)[1]))
    return 0
