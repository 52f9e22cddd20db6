"""Cron schedules, and what the server's parser says of those that are none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MACROS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
DURATION = re.compile(
    r"[-+]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))*\Z|0\Z"
)
MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
DAYS = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}


@dataclass(frozen=True, slots=True)
class Bounds:
    least: int
    most: int
    names: dict[str, int] = field(default_factory=dict)


FIELDS = (Bounds(0, 59), Bounds(0, 23), Bounds(1, 31), Bounds(1, 12, MONTHS), Bounds(0, 6, DAYS))


class ScheduleError(ValueError):
    """The parser's words."""


def schedule_problem(schedule: str) -> str:
    """Empty for a schedule that can be kept."""
    try:
        _parse(schedule)
    except ScheduleError as error:
        return str(error)
    return ""


def _parse(schedule: str) -> None:
    if schedule.startswith(("TZ=", "CRON_TZ=")):
        schedule = schedule.partition(" ")[2].strip()
    if schedule.startswith("@"):
        _check_descriptor(schedule)
        return
    fields = schedule.split()
    if len(fields) != len(FIELDS):
        raise ScheduleError(f"expected exactly 5 fields, found {len(fields)}: [{' '.join(fields)}]")
    for text, bounds in zip(fields, FIELDS, strict=True):
        for part in text.split(","):
            _check_range(part, bounds)


def _check_descriptor(text: str) -> None:
    if text.startswith("@every "):
        duration = text.removeprefix("@every ")
        if not DURATION.match(duration):
            raise ScheduleError(f'failed to parse duration {text}: time: invalid duration "{duration}"')
    elif text not in MACROS:
        raise ScheduleError(f"unrecognized descriptor: {text}")


def _check_range(text: str, bounds: Bounds) -> None:
    spread = text.split("/")
    ends = spread[0].split("-")
    if ends[0] in ("*", "?"):
        start, end = bounds.least, bounds.most
    else:
        start = end = _number(ends[0], bounds)
        if len(ends) == 2:
            end = _number(ends[1], bounds)
        elif len(ends) > 2:
            raise ScheduleError(f"too many hyphens: {text}")
    step = 1
    if len(spread) == 2:
        step = _plain_number(spread[1])
        if len(ends) == 1 and ends[0] not in ("*", "?"):
            end = bounds.most
    elif len(spread) > 2:
        raise ScheduleError(f"too many slashes: {text}")
    _check_bounds(text, start, end, step, bounds)


def _check_bounds(text: str, start: int, end: int, step: int, bounds: Bounds) -> None:
    if start < bounds.least:
        raise ScheduleError(f"beginning of range ({start}) below minimum ({bounds.least}): {text}")
    if end > bounds.most:
        raise ScheduleError(f"end of range ({end}) above maximum ({bounds.most}): {text}")
    if start > end:
        raise ScheduleError(f"beginning of range ({start}) beyond end of range ({end}): {text}")
    if step == 0:
        raise ScheduleError(f"step of range should be a positive number: {text}")


def _number(text: str, bounds: Bounds) -> int:
    known = bounds.names.get(text.lower())
    return _plain_number(text) if known is None else known


def _plain_number(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text):
        raise ScheduleError(f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax')
    number = int(text)
    if number < 0:
        raise ScheduleError(f"negative number ({number}) not allowed: {text}")
    return number
