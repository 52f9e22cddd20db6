from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from k8slab.celery import app

from . import actions


@app.task(name="accounts.forget_guests")  # type: ignore[untyped-decorator]  # celery ships no types
def forget_guests() -> int:
    return actions.forget_guests(timezone.now() - timedelta(days=settings.GUEST_DAYS))


@app.task(name="accounts.clear_sessions")  # type: ignore[untyped-decorator]  # celery ships no types
def clear_sessions() -> int:
    return actions.clear_sessions()
