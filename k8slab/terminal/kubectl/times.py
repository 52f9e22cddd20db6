"""Go's times."""

from __future__ import annotations

import re
from datetime import datetime

LAYOUT = "2006-01-02T15:04:05Z07:00"
_STEPS = ((r"\d{4}", "2006"), ("-", "-"), (r"\d\d", "01"), ("-", "-"), (r"\d\d", "02"), ("T", "T"), (r"\d\d", "15"),
          (":", ":"), (r"\d\d", "04"), (":", ":"), (r"\d\d(\.\d+)?", "05"), (r"Z|[+-]\d\d:\d\d", "Z07:00"))  # fmt: skip


def rfc3339_problem(text: str) -> str:
    """What Go says of a text that is no time; "" for one that is, and for an empty one."""
    if not text:
        return ""
    rest = text
    for pattern, layout in _STEPS:
        found = re.match(pattern, rest)
        if not found:
            return f'parsing time "{text}" as "{LAYOUT}": cannot parse "{rest}" as "{layout}"'
        rest = rest[found.end() :]
    if rest:
        return f'parsing time "{text}": extra text: "{rest}"'
    try:
        datetime.fromisoformat(re.sub(r"\.\d+", "", text).replace("Z", "+00:00"))
    except ValueError:
        return f'parsing time "{text}": day out of range'
    return ""
