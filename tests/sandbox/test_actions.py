"""The state machine of a sandbox, without and with a cluster."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from k8slab.kube.errors import Unavailable
from k8slab.sandbox import actions, tasks
from k8slab.sandbox.actions import MOVES, State
from k8slab.sandbox.cluster import app_client
from k8slab.sandbox.models import Sandbox
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def cluster(emulator: Path, settings: Settings) -> None:
    settings.KUBECONFIG = str(emulator)


@pytest.fixture
def sandbox() -> Sandbox:
    return actions.request_sandbox(people.mina())


def in_state(sandbox: Sandbox, state: str) -> Sandbox:
    Sandbox.objects.filter(pk=sandbox.pk).update(state=state)
    return Sandbox.objects.get(pk=sandbox.pk)


def test_it_works(sandbox: Sandbox) -> None:
    assert sandbox.state == State.REQUESTED
    assert sandbox.namespace.startswith("lab-mina-")
    assert actions.request_sandbox(sandbox.owner).pk == sandbox.pk


@pytest.mark.parametrize("state", list(State))
def test_only_the_moves_of_the_table_are_made(sandbox: Sandbox, state: str) -> None:
    for to in State:
        assert actions.move(in_state(sandbox, state), to) == (to in MOVES[state])


def test_of_two_who_move_at_once_one_wins(sandbox: Sandbox) -> None:
    other = Sandbox.objects.get(pk=sandbox.pk)
    assert actions.move(sandbox, State.STARTING)
    assert not actions.move(other, State.STARTING)
    assert Sandbox.objects.get(pk=sandbox.pk).state == State.STARTING


@pytest.mark.parametrize("state", [State.GONE, State.FAILED])
def test_what_is_over_is_asked_for_again_under_the_same_name(sandbox: Sandbox, state: str) -> None:
    again = actions.request_sandbox(in_state(sandbox, state).owner)
    assert (again.pk, again.state, again.namespace) == (sandbox.pk, State.REQUESTED, sandbox.namespace)


def test_a_cluster_that_is_away_fails_the_start_and_says_why(
    sandbox: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    settings.KUBECONFIG = str(tmp_path / "none")
    with pytest.raises(Unavailable):
        actions.start(sandbox)
    sandbox.refresh_from_db()
    assert sandbox.state == State.FAILED
    assert "no cluster" in sandbox.error


def test_touching_and_extending_give_the_full_time(sandbox: Sandbox, settings: Settings) -> None:
    settings.SANDBOX_HOURS = 2.0
    Sandbox.objects.filter(pk=sandbox.pk).update(expires=timezone.now())
    sandbox.refresh_from_db()
    actions.touch(sandbox)
    sandbox.refresh_from_db()
    assert sandbox.expires > timezone.now() + timedelta(hours=1.9)


def test_touching_often_writes_seldom(sandbox: Sandbox, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # a fixture without a public type
        actions.touch(sandbox)


@pytest.mark.usefixtures("cluster")
def test_a_sandbox_is_started_emptied_and_closed(sandbox: Sandbox) -> None:
    assert actions.start(sandbox)
    client = app_client()
    client.apply(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine"}, "data": {"a": "b"}}, sandbox.namespace
    )
    client.delete("networking.k8s.io/v1", "NetworkPolicy", "sandbox", sandbox.namespace)
    assert actions.reset(sandbox)
    assert client.find("v1", "ConfigMap", "mine", sandbox.namespace) is None
    assert client.find("networking.k8s.io/v1", "NetworkPolicy", "sandbox", sandbox.namespace)
    assert actions.verify(sandbox)
    assert actions.close(sandbox)
    assert Sandbox.objects.get(pk=sandbox.pk).state == State.GONE


@pytest.mark.usefixtures("cluster")
def test_a_closed_sandbox_opens_again_empty(sandbox: Sandbox) -> None:
    actions.start(sandbox)
    app_client().apply(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine"}, "data": {"a": "b"}}, sandbox.namespace
    )
    actions.close(sandbox)
    again = actions.request_sandbox(sandbox.owner)
    assert actions.start(again)
    assert app_client().find("v1", "ConfigMap", "mine", sandbox.namespace) is None


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("state", [State.STARTING, State.RESETTING])
def test_work_that_a_dead_worker_left_is_taken_up(sandbox: Sandbox, state: str) -> None:
    actions.start(sandbox)
    mine = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine"}}
    app_client().create(mine, sandbox.namespace)
    left = in_state(sandbox, state)
    assert (actions.start if state == State.STARTING else actions.reset)(left)
    assert app_client().find("v1", "ConfigMap", "mine", sandbox.namespace) is None


@pytest.mark.usefixtures("cluster")
def test_a_namespace_that_vanished_is_noticed(sandbox: Sandbox) -> None:
    actions.start(sandbox)
    app_client().delete("v1", "Namespace", sandbox.namespace)
    assert not actions.verify(sandbox)
    assert Sandbox.objects.get(pk=sandbox.pk).state == State.GONE


@pytest.mark.usefixtures("cluster")
def test_only_what_is_over_its_time_is_idle(sandbox: Sandbox) -> None:
    tasks.start(sandbox.pk)
    assert actions.idle() == []
    Sandbox.objects.filter(pk=sandbox.pk).update(expires=timezone.now() - timedelta(minutes=1))
    assert actions.idle() == [sandbox]


@pytest.mark.usefixtures("cluster")
def test_a_namespace_goes_when_its_owner_is_forgotten(sandbox: Sandbox) -> None:
    other = actions.request_sandbox(people.olaf())
    actions.start(sandbox)
    actions.start(other)
    sandbox.owner.delete()
    assert sandbox.namespace in actions.remove_orphans()
    assert actions.verify(other)
    assert not actions.remove_orphans()


def test_the_task_of_a_sandbox_that_is_no_more_does_nothing() -> None:
    tasks.start(0)
