"""What workers do. Each takes ids only, and may be run twice without harm."""

from __future__ import annotations

from k8slab.celery import app

from . import actions
from .models import Sandbox


@app.task(name="sandbox.start")  # type: ignore[untyped-decorator]  # celery ships no types
def start(sandbox_id: int) -> None:
    sandbox = Sandbox.objects.filter(pk=sandbox_id).first()
    if sandbox:
        actions.start(sandbox)


@app.task(name="sandbox.remove_orphans")  # type: ignore[untyped-decorator]  # celery ships no types
def remove_orphans() -> None:
    actions.remove_orphans()
