"""Sandboxes that are over their time, and new namespaces for old ones."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from k8slab.attempts import actions, preparing, tell
from k8slab.attempts.models import Attempt
from k8slab.live import publish
from k8slab.sandbox.cluster import app_client
from k8slab.sandbox.models import Sandbox
from tests import people

from .conftest import exercise


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    states: list[Any] = []
    monkeypatch.setattr(publish, "to_page", lambda namespace, message: states.append(message.get("state")))
    return states


@pytest.fixture
def prepared(transactional_db: None, emulator: Path, settings: Settings) -> Attempt:
    """Mina's, with a namespace in the cluster."""
    settings.KUBECONFIG = str(emulator)
    attempt = actions.open_attempt(people.mina(), exercise())
    assert preparing.prepare(str(attempt.pk)) is None
    return Attempt.objects.select_related("sandbox").get(pk=attempt.pk)


def uid(sandbox: Sandbox) -> str:
    found = app_client().get("v1", "Namespace", sandbox.namespace)
    return str(found["metadata"]["uid"])


def test_a_reset_into_a_new_namespace(prepared: Attempt) -> None:
    before = uid(prepared.sandbox)
    actions.reset_step(prepared, exercise())
    assert preparing.renew(str(prepared.pk)) is None
    assert preparing.prepare(str(prepared.pk)) is None
    prepared.refresh_from_db()
    assert prepared.prepared is not None
    assert uid(prepared.sandbox) != before


def test_the_page_is_told_when_its_time_is_over_and_only_then(prepared: Attempt, told: list[Any]) -> None:
    preparing.close_idle()
    assert told == []
    Sandbox.objects.update(expires=timezone.now() - timedelta(minutes=1))
    preparing.close_idle()
    assert told == ["gone"]


def test_coming_back_sets_it_up_again(prepared: Attempt, told: list[Any]) -> None:
    Sandbox.objects.update(expires=timezone.now() - timedelta(minutes=1))
    preparing.close_idle()
    back = actions.open_attempt(prepared.student, exercise())
    assert back.prepared is None
    assert preparing.prepare(str(back.pk)) is None
    assert tell.current_state(Attempt.objects.get(pk=back.pk), "en") is not None
    assert Sandbox.objects.get(pk=back.sandbox_id).state == Sandbox.State.READY
