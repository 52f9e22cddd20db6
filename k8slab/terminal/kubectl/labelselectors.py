"""Label selectors and maps of labels, as one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NONE = "<none>"
_WORDS = {"In": "in", "NotIn": "notin"}


def labels_line(labels: Mapping[str, str] | None) -> str:
    """`a=b,c=d`."""
    return ",".join(f"{key}={value}" for key, value in sorted((labels or {}).items())) or NONE


def selector_text(selector: Mapping[str, Any] | None) -> str:
    """As the API takes it; "" selects everything."""
    selector = selector or {}
    parts = [(key, f"{key}={value}") for key, value in (selector.get("matchLabels") or {}).items()]
    parts += [(each["key"], _expression(each)) for each in selector.get("matchExpressions") or ()]
    return ",".join(text for _, text in sorted(parts, key=lambda part: part[0]))


def selector_line(selector: Mapping[str, Any] | None) -> str:
    return selector_text(selector) or NONE


def _expression(each: Mapping[str, Any]) -> str:
    key, operator = each["key"], each.get("operator")
    if operator in _WORDS:
        return f"{key} {_WORDS[operator]} ({','.join(sorted(each.get('values') or ()))})"
    return f"!{key}" if operator == "DoesNotExist" else str(key)
