"""The events at the end of a description."""

from __future__ import annotations

from datetime import UTC, datetime

from k8slab.kube.client import Obj

from ..output.ages import since
from .about import About
from .text import Text


def write_events(about: About, to: Text) -> None:
    write_these_events(about.events(), to)


def write_these_events(events: list[Obj] | None, to: Text) -> None:
    """Nothing for None, those that were seen last at the end."""
    if events is None:
        return
    if not events:
        to.field("Events", "<none>")
        return
    to.write(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage\n")
    to.line(1, "----", "------", "----", "----", "-------")
    for event in sorted(events, key=_last):
        source = (event.get("source") or {}).get("component") or event.get("reportingComponent") or ""
        kind, reason, message = (str(event.get(key) or "") for key in ("type", "reason", "message"))
        to.line(1, kind, reason, _age(event), source, message.strip())


def _last(event: Obj) -> datetime:
    text = event.get("lastTimestamp")
    return datetime.fromisoformat(text) if text else datetime.min.replace(tzinfo=UTC)


def _age(event: Obj) -> str:
    first = since(event.get("eventTime") or event.get("firstTimestamp"))
    series = event.get("series")
    if series:
        return f"{since(series.get('lastObservedTime'))} (x{series.get('count', 0)} over {first})"
    if (event.get("count") or 0) > 1:
        return f"{since(event.get('lastTimestamp'))} (x{event['count']} over {first})"
    return first
