"""What workers do. Each takes ids only, and may be run twice without harm."""

from __future__ import annotations

import logging

from k8slab.celery import app
from k8slab.kube.errors import KubeError

from . import actions
from .models import Sandbox

log = logging.getLogger(__name__)


@app.task(name="sandbox.start")  # type: ignore[untyped-decorator]  # celery ships no types
def start(sandbox_id: int) -> None:
    sandbox = Sandbox.objects.filter(pk=sandbox_id).first()
    if sandbox:
        actions.start(sandbox)


@app.task(name="sandbox.close_idle")  # type: ignore[untyped-decorator]  # celery ships no types
def close_idle() -> None:
    for sandbox in actions.idle():
        try:
            actions.close(sandbox)
        except KubeError as error:  # the next beat tries again; the others are not to wait for this one
            log.warning("sandbox %s is not closed yet: %s", sandbox.namespace, error)


@app.task(name="sandbox.remove_orphans")  # type: ignore[untyped-decorator]  # celery ships no types
def remove_orphans() -> None:
    actions.remove_orphans()
