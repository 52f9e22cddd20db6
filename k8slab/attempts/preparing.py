"""Sets a sandbox up for the attempt that it is for: namespace, emptied, then the exercise's own objects."""

from __future__ import annotations

import logging

from k8slab.catalog import shelf
from k8slab.catalog.course import Exercise
from k8slab.grading.substitution import substitute
from k8slab.kube.errors import KubeError
from k8slab.sandbox import actions as sandboxes
from k8slab.sandbox.apply import SetupError, apply_setup
from k8slab.sandbox.equipment import PLAIN, Equipment
from k8slab.sandbox.models import Sandbox

from . import actions, tell
from .models import Attempt
from .once import held

log = logging.getLogger(__name__)
State = Sandbox.State
SHORTLY, LATER = 0.05, 2.0  # seconds until it is tried again: somebody else is at it; the cluster is in trouble


def prepare(attempt_id: str) -> float | None:
    """Does what is left to do. Returns in how many seconds to try again, None when there is nothing more to do."""
    attempt = _unprepared(attempt_id)
    if attempt is None:
        return None
    with held(f"sandbox.{attempt.sandbox_id}") as mine:
        if not mine:
            return SHORTLY
        attempt = _unprepared(attempt_id)  # whoever held it before us may have done it
        return _prepare(attempt) if attempt else None


def renew(attempt_id: str) -> float | None:
    """Deletes the namespace, so that `prepare` makes a new one. Returns in how many seconds to try again."""
    attempt = _unprepared(attempt_id)
    if attempt is None:
        return None
    with held(f"sandbox.{attempt.sandbox_id}") as mine:
        if not mine:
            return SHORTLY
        try:
            sandboxes.close(attempt.sandbox)
        except KubeError as error:  # `prepare` asks for it anew, and says so when the cluster stays away
            log.warning("sandbox %s: not closed: %s", attempt.sandbox.namespace, error)
        tell.sandbox_changed(attempt.sandbox)
    return None


def close_idle() -> None:
    """Closes the sandboxes whose time is over; their pages are told, and offer to go on."""
    for sandbox in sandboxes.idle():
        try:
            sandboxes.close(sandbox)
        except KubeError as error:  # the next beat tries again; the others are not to wait for this one
            log.warning("sandbox %s is not closed yet: %s", sandbox.namespace, error)
        tell.sandbox_changed(sandbox)


def _unprepared(attempt_id: str) -> Attempt | None:
    found = Attempt.objects.filter(pk=attempt_id, current=True, prepared=None)
    return found.select_related("sandbox", "student").first()


def _prepare(attempt: Attempt) -> float | None:
    sandbox = attempt.sandbox
    try:
        fresh = _bring_up(attempt)
        if sandbox.state == State.CLOSING:
            return SHORTLY
        _set_up(attempt, fresh)
        return None
    except SetupError as error:
        log.error("exercise %s: its setup is not accepted: %s", attempt.exercise, error)
        _fail(sandbox, str(error))
        return None
    except KubeError as error:
        log.warning("sandbox %s attempt %s: %s", sandbox.namespace, attempt.pk, error)
        _fail(sandbox, error.message)
        return LATER


def _bring_up(attempt: Attempt) -> bool:
    """Sees to it that there is a namespace. Whether it is a fresh one."""
    sandbox = attempt.sandbox
    if sandboxes.verify(sandbox):
        return False
    if sandbox.state in (State.GONE, State.FAILED):
        sandbox.state = sandboxes.request_sandbox(attempt.student).state
    if sandbox.state in (State.REQUESTED, State.STARTING):
        tell.sandbox_changed(sandbox)
        sandboxes.start(sandbox)
        return True
    return False


def _set_up(attempt: Attempt, fresh: bool) -> None:
    sandbox = attempt.sandbox
    sandboxes.move(sandbox, State.RESETTING)
    tell.sandbox_changed(sandbox)
    if not fresh:
        sandboxes.empty(sandbox)
    exercise = shelf.current().exercise(attempt.exercise)
    sandboxes.equip(sandbox, equipment_of(exercise))
    if exercise and exercise.setup:
        apply_setup(sandbox, substitute(exercise.setup, attempt.vars))
    actions.mark_prepared(attempt)
    sandboxes.move(sandbox, State.READY)
    tell.sandbox_changed(sandbox)


def equipment_of(exercise: Exercise | None) -> Equipment:
    """What the sandbox must have for an exercise."""
    if exercise is None:
        return PLAIN
    return Equipment(host_path="host-path" in exercise.needs, nodes=exercise.nodes)


def _fail(sandbox: Sandbox, error: str) -> None:
    sandboxes.move(sandbox, State.FAILED, error)
    tell.sandbox_changed(sandbox)
