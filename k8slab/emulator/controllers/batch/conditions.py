"""The conditions of a Job, and how a Job ends: first why it will (the target), then that it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from k8slab.emulator.ports import Obj

Conditions = list[dict[str, Any]]


class Verdict(NamedTuple):
    success: bool
    reason: str
    message: str

    @property
    def target(self) -> str:
        return "SuccessCriteriaMet" if self.success else "FailureTarget"

    @property
    def final(self) -> str:
        return "Complete" if self.success else "Failed"


REACHED = Verdict(True, "CompletionsReached", "Reached expected number of succeeded pods")
TOO_MANY_FAILED = Verdict(False, "BackoffLimitExceeded", "Job has reached the specified backoff limit")
TOO_LONG = Verdict(False, "DeadlineExceeded", "Job was active longer than specified deadline")
FAILED_INDEXES = Verdict(False, "FailedIndexes", "Job has failed indexes")
TOO_MANY_INDEXES = Verdict(
    False, "MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes"
)


def of(job: Obj) -> Conditions:
    return [dict(c) for c in (job.get("status") or {}).get("conditions") or ()]


def holds(conditions: Sequence[dict[str, Any]], *kinds: str) -> bool:
    return any(c["type"] in kinds and c["status"] == "True" for c in conditions)


def is_finished(job: Obj) -> bool:
    return holds(of(job), "Complete", "Failed")


def targeted(conditions: Conditions) -> Verdict | None:
    """The end that was decided in an earlier round."""
    for entry in conditions:
        if entry["type"] in ("SuccessCriteriaMet", "FailureTarget") and entry["status"] == "True":
            return Verdict(entry["type"] == "SuccessCriteriaMet", entry.get("reason", ""), entry.get("message", ""))
    return None


def added(conditions: Conditions, kind: str, verdict: Verdict, now: str) -> Conditions:
    if holds(conditions, kind):
        return conditions
    return [*conditions, made(kind, "True", verdict.reason, verdict.message, now)]


def made(kind: str, value: str, reason: str, message: str, now: str) -> dict[str, Any]:
    return {
        "type": kind,
        "status": value,
        "lastProbeTime": now,
        "lastTransitionTime": now,
        "reason": reason,
        "message": message,
    }


def with_suspension(conditions: Conditions, suspended: bool, now: str) -> tuple[Conditions, bool]:
    """The conditions with `Suspended` as it is, and whether that is new."""
    held = next((c for c in conditions if c["type"] == "Suspended"), None)
    value = "True" if suspended else "False"
    if (held is None and not suspended) or (held is not None and held["status"] == value):
        return conditions, False
    reason, message = ("JobSuspended", "Job suspended") if suspended else ("JobResumed", "Job resumed")
    fresh = made("Suspended", value, reason, message, now)
    if held is None:
        return [*conditions, fresh], True
    return [fresh if c is held else c for c in conditions], True
