"""Deployment conditions: a dict in, a list out; the time of a transition moves only when the status does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Condition = Mapping[str, Any]
NEVER = 2**31 - 1  # progressDeadlineSeconds at this value means none


def find(conditions: Sequence[Condition], kind: str) -> Condition | None:
    return next((c for c in conditions if c["type"] == kind), None)


def without(conditions: Sequence[Condition], kind: str) -> list[Condition]:
    return [c for c in conditions if c["type"] != kind]


def made(kind: str, status: str, reason: str, message: str, now: str) -> Condition:
    return {
        "type": kind,
        "status": status,
        "lastUpdateTime": now,
        "lastTransitionTime": now,
        "reason": reason,
        "message": message,
    }


def put(conditions: Sequence[Condition], new: Condition) -> list[Condition]:
    """Same status and reason: nothing changes, not even the message."""
    old = find(conditions, new["type"])
    if old is not None and old["status"] == new["status"] and old.get("reason") == new["reason"]:
        return list(conditions)
    if old is not None and old["status"] == new["status"]:
        new = {**new, "lastTransitionTime": old["lastTransitionTime"]}
    return [*without(conditions, new["type"]), new]


def has_deadline(deployment: Mapping[str, Any]) -> bool:
    deadline = deployment["spec"].get("progressDeadlineSeconds")
    return deadline is not None and deadline != NEVER
