"""The rows of limit ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .text import Text

_NAMES = ("Type", "Resource", "Min", "Max", "Default Request", "Default Limit", "Max Limit/Request Ratio")
TITLES = (_NAMES, tuple("-" * len(name) for name in _NAMES))
_KEYS = ("min", "max", "defaultRequest", "default", "maxLimitRequestRatio")


def write_limits(to: Text, spec: Mapping[str, Any], before: str) -> None:
    for item in spec.get("limits") or ():
        names = sorted({name for key in _KEYS for name in item.get(key) or ()})
        for name in names:
            values = (str((item.get(key) or {}).get(name, "-")) for key in _KEYS)
            to.line(0, f"{before}{item.get('type', '')}", name, *values)
