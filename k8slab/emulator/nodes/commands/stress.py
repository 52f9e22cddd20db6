"""stress and stress-ng: programs that take what they are told to take."""

from __future__ import annotations

import math
import re

from k8slab.emulator.nodes.process import KILLED, Process, command, forever

SIZE = re.compile(r"^(\d+(?:\.\d+)?)([bkmg]?)i?b?$", re.IGNORECASE)
FACTORS = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
LONG = {"c": "cpu", "i": "io", "m": "vm", "d": "hdd", "t": "timeout"}
DEFAULT_BYTES = 256 * 1024**2


def _options(args: list[str]) -> dict[str, str]:
    """`--name value`, `--name=value` and `-n value`, by the long name."""
    found, rest = {}, list(args)
    while rest:
        name, equals, value = rest.pop(0).lstrip("-").partition("=")
        if not equals and rest and not rest[0].startswith("-"):
            value = rest.pop(0)
        found[LONG.get(name, name)] = value
    return found


def _bytes(text: str) -> int:
    match = SIZE.match(text)
    return int(float(match[1]) * FACTORS[match[2].lower()]) if match else DEFAULT_BYTES


def _seconds(text: str) -> float:
    number = text.rstrip("smhd")
    return float(number or 0) * SECONDS.get(text[len(number) :], 1) if number.isdigit() else math.inf


def _count(text: str | None) -> int:
    return int(text) if text is not None and text.isdigit() else 0


@command("stress", "stress-ng", "/stress", "/stress-ng", on_term=143)
async def stress(process: Process) -> int:
    options = _options(process.args)
    hogs = {name: _count(options.get(name)) for name in ("cpu", "io", "vm", "hdd")}
    wanted = hogs["vm"] * _bytes(options.get("vm-bytes", "")) if hogs["vm"] else 0
    if "mem-total" in options:  # of another program of this name
        wanted = _bytes(options["mem-total"])
    head = f"{process.name.rpartition('/')[2]}: info: [{process.pid}]"
    await process.out(f"{head} dispatching hogs: " + ", ".join(f"{hogs[name]} {name}" for name in hogs) + "\n")
    if not process.box.take_memory(wanted):
        return KILLED
    try:
        seconds = _seconds(options.get("timeout", ""))
        if seconds == math.inf:
            return await forever()
        await process.box.clock.sleep(seconds)
    finally:
        process.box.give_memory(wanted)
    await process.out(f"{head} successful run completed in {seconds:.0f}s\n")
    return 0
