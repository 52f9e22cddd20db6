"""What grading says: frozen results, free of Django, of the cluster and of any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .spec import Text

Verdict = Literal["pass", "fail", "waiting", "error"]


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence by code; the page words it in the student's language. Codes: `grading/messages.py`."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the object is not what the check expects. `path` as in `spec.replicas`."""

    path: str
    expected: Any  # None where showing it would give the solution away
    actual: Any  # None: absent
    object: str = ""  # "Deployment/web"


@dataclass(frozen=True, slots=True)
class Explanation:
    """An Event or a container's state that tells why, in the cluster's own words."""

    source: Literal["event", "container", "condition"]
    object: str  # "Pod/web-5d4f"
    reason: str
    message: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Result:
    """One check, decided or not."""

    id: str
    verdict: Verdict
    points: int  # earned: all of the check's points or none
    messages: tuple[Message, ...] = ()  # what it waits for, or why it failed
    differences: tuple[Difference, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    hint: Text | None = None
    resource_version: str = ""  # the newest resourceVersion seen
    decided_at: float | None = None  # seconds since the epoch; None while waiting
    again_at: float | None = None  # when time alone may change the verdict: a probe to repeat, a deadline


@dataclass(frozen=True, slots=True)
class Report:
    results: tuple[Result, ...]

    @property
    def points(self) -> int:
        return sum(r.points for r in self.results)

    @property
    def decided(self) -> bool:
        """No check waits any more."""
        return all(r.verdict != "waiting" for r in self.results)

    @property
    def passed(self) -> bool:
        return all(r.verdict == "pass" for r in self.results)
