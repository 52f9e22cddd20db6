"""Cron schedules: five fields, names, steps, `@daily` and `@every`, in a time zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: n for n, name in enumerate(MONTH_NAMES, 1)}
DAYS = {name: n for n, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
HORIZON_DAYS = 366 * 5  # February 29th comes within; what does not come by then never does
WALK = 1000
UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


class BadSchedule(ValueError):
    pass


class Every(NamedTuple):
    seconds: int

    def after(self, when: float) -> float | None:
        return float(int(when) + self.seconds)


class Cron(NamedTuple):
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    any_day: bool  # day of month or day of week is a star: then both must fit, else one of them
    zone: tzinfo

    def after(self, when: float) -> float | None:
        """The first time later than `when`; None where the schedule never comes true."""
        local = datetime.fromtimestamp(when, self.zone)
        for offset in range(HORIZON_DAYS):
            day = local.date() + timedelta(days=offset)
            if self._is_on(day):
                found = self._on_day(day, when, (0, 0) if offset else (local.hour, local.minute))
                if found is not None:
                    return found
        return None

    def _is_on(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        by_month, by_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return by_month and by_week if self.any_day else by_month or by_week

    def _on_day(self, day: date, when: float, not_before: tuple[int, int]) -> float | None:
        for hour in self.hours:
            for minute in self.minutes if hour >= not_before[0] else ():
                if (hour, minute) < not_before:
                    continue
                moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone).timestamp()
                if moment > when and datetime.fromtimestamp(moment, self.zone).hour == hour:  # not skipped by summer
                    return moment
        return None


def parse(text: str, zone: str | None = None) -> Cron | Every:
    if text.startswith("@every "):
        return Every(max(1, int(_duration(text.removeprefix("@every ")))))
    if text.startswith("@") and text not in MACROS:
        raise BadSchedule(f"unrecognized descriptor: {text}")
    fields = MACROS.get(text, text).split()
    if len(fields) != 5:
        raise BadSchedule(f"expected exactly 5 fields, found {len(fields)}: [{' '.join(fields)}]")
    minute, hour, day, month, weekday = fields
    return Cron(
        _field(minute, 0, 59, {}),
        _field(hour, 0, 23, {}),
        _field(day, 1, 31, {}),
        _field(month, 1, 12, MONTHS),
        _field(weekday, 0, 6, DAYS),
        day[0] in "*?" or weekday[0] in "*?",
        ZoneInfo(zone) if zone else UTC,
    )


def _field(text: str, low: int, high: int, names: dict[str, int]) -> tuple[int, ...]:
    values: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        if first in ("*", "?"):
            start, end = low, high
        else:
            start = _number(first, names)
            end = _number(last, names) if dash else (high if step else start)
        every = _number(step, {}) if step else 1
        if start < low:
            raise BadSchedule(f"beginning of range ({start}) below minimum ({low}): {part}")
        if end > high:
            raise BadSchedule(f"end of range ({end}) above maximum ({high}): {part}")
        if start > end:
            raise BadSchedule(f"beginning of range ({start}) beyond end of range ({end}): {part}")
        if every == 0:
            raise BadSchedule(f"step of range should be a positive number: {part}")
        values.update(range(start, end + 1, every))
    return tuple(sorted(values))


def _number(text: str, names: dict[str, int]) -> int:
    if text.lower() in names:
        return names[text.lower()]
    if not text.isdecimal():
        raise BadSchedule(f"failed to parse int from {text}")
    return int(text)


def _duration(text: str) -> float:
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|h|m|s)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise BadSchedule(f"failed to parse duration @every {text}")
    return sum(float(number) * UNITS[unit] for number, unit in parts)


def latest(schedule: Cron | Every, since: float, now: float) -> tuple[float | None, int]:
    """The newest time that has come since then, and about how many did. A silence of months is not walked through
    minute by minute: of a regular schedule the last stretch tells the same."""
    found, count = _walk(schedule, since, now)
    if count < WALK or found is None:
        return found, count
    stretch = (found - since) * 2
    while found is not None and (following := schedule.after(found)) is not None and following <= now:
        nearer, _ = _walk(schedule, max(found, now - stretch), now)
        found = nearer if nearer is not None else following
        stretch *= 2
    return found, count


def _walk(schedule: Cron | Every, since: float, now: float) -> tuple[float | None, int]:
    found, count = None, 0
    moment = schedule.after(since)
    while moment is not None and moment <= now and count < WALK:
        found, count = moment, count + 1
        moment = schedule.after(moment)
    return found, count
