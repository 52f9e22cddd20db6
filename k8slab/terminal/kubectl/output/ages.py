"""How long ago something was, as kubectl says it: `5s`, `3m20s`, `4h`, `12d`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

MINUTE, HOUR, DAY = 60, 3600, 86400


def age(obj: dict[str, Any]) -> str:
    """Of an object, since its creation."""
    return since((obj.get("metadata") or {}).get("creationTimestamp"))


def since(timestamp: str | None) -> str:
    """`<unknown>` where there is no time."""
    if not timestamp:
        return "<unknown>"
    try:
        then = datetime.fromisoformat(timestamp)
    except ValueError:
        return "<invalid>"
    return duration((datetime.now(UTC) - then).total_seconds())


def duration(seconds: float) -> str:
    """k8s.io/apimachinery's HumanDuration."""
    if seconds < -1:
        return "<invalid>"
    whole = max(0, int(seconds))
    minutes, hours, days = whole // MINUTE, whole // HOUR, whole // DAY
    if whole < 2 * MINUTE:
        return f"{whole}s"
    if minutes < 10:
        return f"{minutes}m{_rest(whole % MINUTE, 's')}"
    if minutes < 3 * 60:
        return f"{minutes}m"
    if hours < 8:
        return f"{hours}h{_rest(minutes % 60, 'm')}"
    if hours < 48:
        return f"{hours}h"
    if days < 8:
        return f"{days}d{_rest(hours % 24, 'h')}"
    if days < 2 * 365:
        return f"{days}d"
    if days < 8 * 365:
        return f"{days // 365}y{_rest(days % 365, 'd')}"
    return f"{days // 365}y"


def _rest(count: int, unit: str) -> str:
    return f"{count}{unit}" if count else ""
