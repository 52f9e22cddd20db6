"""Tells a student's pages how an attempt or a sandbox is. Called on commit, by `actions` only."""

from __future__ import annotations

from k8slab.catalog import shelf
from k8slab.live import publish
from k8slab.live.describe import describe
from k8slab.live.messages import Attempt as AttemptMessage
from k8slab.live.messages import Draft as DraftMessage
from k8slab.sandbox.models import Sandbox

from . import state
from .models import Attempt


def current_state(attempt: Attempt, language: str) -> AttemptMessage | None:
    """None when its exercise is no longer in the course."""
    exercise = shelf.current().exercise(attempt.exercise)
    if exercise is None:
        return None
    return state.message(attempt, exercise, attempt.submissions.first(), language)


def attempt_changed(attempt: Attempt) -> None:
    told = current_state(attempt, attempt.student.language or "en")
    if told:
        publish.to_page(attempt.sandbox.namespace, told)


def draft_changed(attempt: Attempt, version: int, tab: str) -> None:
    """To the student's other tabs and browsers; the one that wrote knows by `tab`."""
    told = DraftMessage(type="draft", exercise=attempt.exercise, version=version, tab=tab)
    publish.to_page(attempt.sandbox.namespace, told)


def sandbox_changed(sandbox: Sandbox) -> None:
    publish.to_page(sandbox.namespace, describe(sandbox))
