"""From what was found to a verdict: time decides between waiting and failing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .finding import Finding
from .memory import Notes, moment
from .messages import say
from .objects import dig, text, uid_of
from .report import Message, Verdict
from .scene import Scene
from .spec import Obj

SOONEST, LATEST = 0.25, 2.0  # seconds between two looks at something that no watch reports


def began(scene: Scene, notes: Notes, seen: Any) -> float:
    """Since when the check waits: the submission, or later when what it looks at has changed since."""
    before = moment(notes, "began")
    if notes.get("since") != scene.since or before is None:
        return scene.since
    if notes.get("verdict") in ("pass", "blocked") or notes.get("seen") != seen:
        return scene.now
    return before


def fingerprint(objects: Iterable[Obj]) -> list[list[Any]]:
    """Changes when the student changes something, not when a controller reports."""
    return [[uid_of(obj), _edition(obj)] for obj in objects]


def _edition(obj: Obj) -> Any:
    generation = dig(obj, "metadata", "generation")
    if generation is not None:
        return generation
    return text(obj, "metadata", "resourceVersion") if dig(obj, "status") is None else 0


def decide(found: Finding, now: float, deadline: float) -> Verdict:
    if found.outcome == "not-yet":
        return "waiting" if now < deadline else "fail"
    verdicts: dict[str, Verdict] = {"yes": "pass", "no": "fail", "error": "error"}
    return verdicts[found.outcome]


def worded(found: Finding, verdict: Verdict, waited: float) -> tuple[Message, ...]:
    if verdict == "fail" and found.outcome == "not-yet":
        return (say("timed-out", seconds=round(waited)), *found.messages)
    return found.messages


def again_at(scene: Scene, found: Finding, verdict: Verdict, start: float, deadline: float) -> float | None:
    """A probe's answer and a deletion's effect are asked for; all else is reported by the watch."""
    if verdict != "waiting":
        return None
    pause = min(max((scene.now - start) / 4, SOONEST), LATEST)
    asks = scene.check.probe is not None or scene.check.disturb is not None
    moments = [deadline, found.again_at, scene.now + pause if asks else None]
    return min(m for m in moments if m is not None)
