"""Applies a submission's YAML as the student and tells each object's outcome as it comes."""

from __future__ import annotations

import logging
import time
from typing import Any

from k8slab.kube.apply import Outcome
from k8slab.kube.errors import KubeError
from k8slab.kube.problems import Problem
from k8slab.sandbox.apply import apply_text

from . import actions
from .models import Submission

log = logging.getLogger(__name__)
TELL_EVERY = 0.1  # seconds between two messages while many objects are applied


def apply(submission: Submission) -> bool:
    """Whether checks are to decide now: False when nothing was applied or the submission has ended meanwhile."""
    sandbox = submission.attempt.sandbox
    try:
        return _apply_each(submission)
    except KubeError as error:
        log.warning("sandbox %s submission %s: %s", sandbox.namespace, submission.pk, error)
        actions.fail(submission, "cluster-refuses" if error.permanent else "cluster-away")
        return False


def _apply_each(submission: Submission) -> bool:
    outcomes: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    told = 0.0
    for step in apply_text(submission.attempt.sandbox, submission.text):
        if isinstance(step, Problem):
            problems.append(problem_json(step))
            continue
        outcomes.append(outcome_json(step))
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            if not actions.record_outcomes(submission, outcomes):
                return False
    if not outcomes:
        actions.refuse(submission, problems)
        return False
    return actions.applied(submission, outcomes, problems)


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
