"""Go's durations: `30s`, `1m30s`, `0`."""

from __future__ import annotations

import re

from .invocation import Invocation

_PART = re.compile(r"([0-9]*\.?[0-9]+)(ns|us|µs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def read_duration(text: str) -> float | None:
    """In seconds; None where it is none."""
    sign, rest = (-1, text[1:]) if text[:1] == "-" else (1, text[1:] if text[:1] == "+" else text)
    if rest == "0":
        return 0.0
    parts = _PART.findall(rest)
    if not parts or "".join(number + unit for number, unit in parts) != rest:
        return None
    return sign * sum(float(number) * _SECONDS[unit] for number, unit in parts)


def seconds(invocation: Invocation, flag: str) -> float:
    """The value of a flag of the kind duration."""
    return read_duration(invocation.flags.text(flag)) or 0.0
