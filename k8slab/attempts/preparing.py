"""Sets a sandbox up for the attempt that it is for: namespace, empty, then the exercise's own objects."""

from __future__ import annotations

import logging

from k8slab.kube.errors import KubeError
from k8slab.sandbox import actions as sandboxes
from k8slab.sandbox.models import Sandbox

from . import tell
from .models import Attempt

log = logging.getLogger(__name__)
State = Sandbox.State


def prepare(attempt_id: str) -> bool:
    """One step towards a prepared attempt. False: somebody else is at the sandbox, look again shortly."""
    attempt = Attempt.objects.select_related("sandbox", "student").filter(pk=attempt_id).first()
    if attempt is None or not attempt.current or attempt.prepared:
        return True
    sandbox = attempt.sandbox
    if sandbox.state in (State.STARTING, State.RESETTING, State.CLOSING):
        return False
    try:
        return _set_up(attempt, sandbox)
    except KubeError as error:
        log.warning("sandbox %s attempt %s: set-up failed: %s", sandbox.namespace, attempt.pk, error)
        _give_up(sandbox, error)
        return True


def _set_up(attempt: Attempt, sandbox: Sandbox) -> bool:
    if sandbox.state != State.READY:
        if not sandboxes.move(sandboxes.request_sandbox(attempt.student), State.STARTING):
            return False
        sandboxes.start(sandbox)
    elif not sandboxes.move(sandbox, State.RESETTING):
        return False
    sandbox.refresh_from_db()
    tell.sandbox_changed(sandbox)
    return True


def _give_up(sandbox: Sandbox, error: KubeError) -> None:
    sandbox.refresh_from_db()
    log.error("sandbox %s: %s", sandbox.namespace, error)
