"""Go's durations: `30s`, `1m30s`, `0`."""

from __future__ import annotations

import re

from .invocation import Failed, Invocation

_PART = re.compile(r"([0-9]*\.?[0-9]+)(ns|us|µs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds(invocation: Invocation, flag: str) -> float:
    """A flag's duration. Raises Failed in pflag's words."""
    text = invocation.flags.text(flag)
    sign, rest = (-1, text[1:]) if text[:1] == "-" else (1, text.lstrip("+"))
    if rest == "0":
        return 0.0
    parts = _PART.findall(rest)
    if not parts or "".join(number + unit for number, unit in parts) != rest:
        shown = f'time: missing unit in duration "{text}"' if rest.isdigit() else f'time: invalid duration "{text}"'
        raise Failed(
            f'Error: invalid argument "{text}" for "--{flag}" flag: {shown}\n'
            f"See 'kubectl {invocation.verb} --help' for usage."
        )
    return sign * sum(float(number) * _SECONDS[unit] for number, unit in parts)
