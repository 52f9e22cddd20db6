"""Applies a submission's YAML as the student and tells each object's outcome as it comes."""

from __future__ import annotations

import logging
import time
from typing import Any, Literal

from k8slab.kube.apply import Outcome
from k8slab.kube.errors import KubeError
from k8slab.kube.problems import Problem
from k8slab.sandbox import actions as sandboxes
from k8slab.sandbox.apply import apply_text

from . import actions
from .models import Submission

Next = Literal["decide", "prepare", "again", "over"]

log = logging.getLogger(__name__)
TELL_EVERY = 0.1  # seconds between two messages while many objects are applied


def waiting(attempt_id: str) -> list[str]:
    """Ids of what was handed in while the sandbox was being set up."""
    queued = Submission.objects.filter(
        attempt__pk=attempt_id, attempt__prepared__isnull=False, phase=Submission.Phase.QUEUED
    )
    return [str(pk) for pk in queued.values_list("pk", flat=True)]


def may_begin(submission_id: str) -> bool:
    return Submission.objects.filter(pk=submission_id, attempt__prepared__isnull=False).exists()


def apply(submission: Submission) -> Next:
    """Returns what is to be done now; `over` when nothing was applied or the submission was ended meanwhile."""
    sandbox = submission.attempt.sandbox
    try:
        if not sandboxes.verify(sandbox):
            actions.begin_again(submission)
            return "prepare"
        return _apply_each(submission)
    except KubeError as error:
        log.warning("sandbox %s submission %s: %s", sandbox.namespace, submission.pk, error)
        if not error.permanent and actions.put_back(submission):
            return "again"
        actions.fail(submission, "cluster-refuses" if error.permanent else "cluster-away")
        return "over"


def _apply_each(submission: Submission) -> Next:
    applying = apply_text(submission.attempt.sandbox, submission.text)
    if applying.problems:
        actions.refuse(submission, [problem_json(problem) for problem in applying.problems])
        return "over"
    outcomes: list[dict[str, Any]] = []
    told = 0.0
    for outcome in applying.outcomes:
        outcomes.append(outcome_json(outcome))
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            if not actions.record_outcomes(submission, outcomes):
                return "over"
    return "decide" if actions.applied(submission, outcomes) else "over"


def problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "line": problem.line,
        "column": problem.column,
        "params": dict(problem.params),
        "detail": problem.detail,
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "index": outcome.index,
        "line": outcome.line,
        "kind": outcome.kind,
        "name": outcome.name,
        "action": outcome.action,
        "problems": [problem_json(problem) for problem in outcome.problems],
    }
