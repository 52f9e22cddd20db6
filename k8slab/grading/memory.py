"""What the engine remembers of each check from one evaluation to the next: plain JSON, kept by the caller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

Notes = dict[str, Any]


def recall(memory: Mapping[str, Any], ids: Iterable[str]) -> dict[str, Notes]:
    """A copy to write in. Checks that the exercise no longer has are forgotten."""
    known = memory.get("checks")
    found = known if isinstance(known, Mapping) else {}
    return {check: dict(deepcopy(found[check])) if isinstance(found.get(check), Mapping) else {} for check in ids}


def remember(notes: Mapping[str, Notes]) -> dict[str, Any]:
    return {"checks": {check: kept for check, kept in notes.items() if kept}}


def moment(notes: Mapping[str, Any], key: str) -> float | None:
    found = notes.get(key)
    return float(found) if isinstance(found, int | float) else None
