"""A Job at rest has ended, well or badly."""

from __future__ import annotations

from ..finding import YES, Finding, no, not_yet
from ..messages import say
from ..objects import called, condition, is_true, number, text
from ..spec import Obj
from ..view import View
from .registry import settles


@settles("Job")
def job(view: View, obj: Obj, now: float) -> Finding:
    if is_true(obj, "Complete"):
        return YES
    if is_true(obj, "Failed"):
        reason = text(condition(obj, "Failed") or {}, "reason")
        return no(say("job-failed", object=called(obj), reason=reason or "Failed"), about=[obj])
    wanted = number(obj, "spec", "completions", default=1)
    succeeded = number(obj, "status", "succeeded")
    return not_yet(say("job-running", object=called(obj), succeeded=succeeded, wanted=wanted), about=[obj])
