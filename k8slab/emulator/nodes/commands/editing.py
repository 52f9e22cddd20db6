"""Commands that change text: sort, uniq, cut, tr, sed, awk."""

from __future__ import annotations

import re

from k8slab.emulator.nodes.commands.inputs import (
    print_lines,
    read_lines,
    split_options,
    unescape,
)
from k8slab.emulator.nodes.process import Process, command
from k8slab.emulator.nodes.streams import read_all


@command("sort", "uniq", "rev", "tac")
async def ordered(process: Process) -> int:
    flags, names = split_options(process.args)
    lines = await read_lines(process, names)
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
    await print_lines(process, lines)
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
    for line in await read_lines(process, names):
        parts = line.split(delimiter) if mode == "f" else list(line)
        if mode == "f" and len(parts) == 1:
            result.append(line)
            continue
        chosen = [p for i, p in enumerate(parts, 1) if any(low <= i <= high for low, high in ranges)]
        result.append((delimiter if mode == "f" else "").join(chosen))
    await print_lines(process, result)
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
        lines = await read_lines(process, [name] if in_place else names)
        for part in script.split(";"):
            lines = _edited(lines, part.strip(), "n" in flags, "E" in flags or "r" in flags)
        if in_place:
            text = "".join(f"{line}\n" for line in lines)
            process.box.files.write(process.path(name), text.encode(), now=process.box.clock.now())
        else:
            await print_lines(process, lines)
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
    for number, line in enumerate(await read_lines(process, names), 1):
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
