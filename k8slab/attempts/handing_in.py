"""Applies a submission's YAML as the student and tells each object's outcome as it comes."""

from __future__ import annotations

import logging

from k8slab.kube.errors import KubeError
from k8slab.sandbox.apply import apply_text

from . import actions
from .models import Submission

log = logging.getLogger(__name__)
TELL_EVERY = 0.1  # seconds between two messages while many objects are applied


def apply(submission: Submission) -> bool:
    """Returns whether checks are to decide now: False when nothing was applied or the submission has ended."""
    sandbox = submission.attempt.sandbox
    try:
        parsed = apply_text(sandbox, submission.text)
        if parsed.problems:
            actions.refuse(submission, [problem_json(problem) for problem in parsed.problems])
            return False
        return _apply_each(submission, parsed.outcomes)
    except KubeError as error:
        log.warning("sandbox %s submission %s: %s", sandbox.namespace, submission.pk, error)
        actions.fail(submission, "cluster-away" if not error.permanent else "cluster-refuses")
        return False
