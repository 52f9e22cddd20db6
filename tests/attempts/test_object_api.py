"""What the map opens, on a real sandbox and as the student's own account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from k8slab.attempts import actions
from k8slab.attempts.models import Attempt
from k8slab.sandbox import actions as sandboxes
from k8slab.sandbox.cluster import app_client
from k8slab.sandbox.viewing import HIDDEN
from tests import people
from tests.parity.waiting import eventually

from .conftest import exercise

pytestmark = pytest.mark.django_db
SECRET = "aHVudGVyMg=="
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web"},
    "spec": {"containers": [{"name": "c", "image": "nginx"}]},
}


@pytest.fixture
def attempt(emulator: Path, settings: Settings) -> Iterator[Attempt]:
    settings.KUBECONFIG = str(emulator)
    mine = actions.open_attempt(people.mina(), exercise())
    sandboxes.start(mine.sandbox)
    actions.mark_prepared(mine)
    yield mine
    sandboxes.close(mine.sandbox)


@pytest.fixture
def mina(attempt: Attempt) -> Client:
    return people.client_of(attempt.student)


def put(attempt: Attempt, obj: dict[str, Any]) -> None:
    app_client().apply(obj, attempt.sandbox.namespace)


def ask(client: Client, what: str, **query: str) -> Any:
    return client.get(f"/api/exercises/three-ready/{what}", query)


def secret(client: Client, **query: str) -> Any:
    return ask(client, "object", apiVersion="v1", kind="Secret", name="db", **query).json()


def test_an_object_is_read_as_yaml(attempt: Attempt, mina: Client) -> None:
    text = "first: 1\nsecond: 2\n"
    put(attempt, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web"}, "data": {"a.conf": text}})
    answer = ask(mina, "object", apiVersion="v1", kind="ConfigMap", name="web")
    assert "a.conf: |\n    first: 1\n    second: 2\n" in answer.json()["yaml"]
    assert "managedFields" not in answer.json()["yaml"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_secret_is_hidden_until_it_is_asked_for(attempt: Attempt, mina: Client) -> None:
    notes = {"kubectl.kubernetes.io/last-applied-configuration": f'{{"data":{{"password":"{SECRET}"}}}}'}
    put(
        attempt,
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "db", "annotations": notes},
            "data": {"password": SECRET},
        },
    )
    hidden = secret(mina)
    assert hidden["hides"] is True
    assert f"password: {HIDDEN}" in hidden["yaml"]
    assert SECRET not in hidden["yaml"]
    shown = secret(mina, reveal="1")
    assert shown["hides"] is False
    assert f"password: {SECRET}" in shown["yaml"]


def test_what_the_student_may_not_read_is_refused_in_the_servers_words(attempt: Attempt, mina: Client) -> None:
    answer = ask(mina, "object", apiVersion="rbac.authorization.k8s.io/v1", kind="ClusterRole", name="admin")
    assert answer.status_code == 403
    assert "is forbidden" in answer.json()["message"]


def test_an_object_that_is_gone_and_a_kind_that_never_was(mina: Client) -> None:
    assert ask(mina, "object", apiVersion="v1", kind="Pod", name="web").status_code == 404
    assert ask(mina, "object", apiVersion="v1", kind="Unicorn", name="web").status_code == 404
    assert ask(mina, "object").status_code == 404


def test_a_pods_log(attempt: Attempt, mina: Client) -> None:
    says = {"name": "c", "image": "busybox", "command": ["sh", "-c", "echo hello; sleep 1000"]}
    put(attempt, {**POD, "spec": {"containers": [says], "terminationGracePeriodSeconds": 0}})

    def log() -> str:
        return str(ask(mina, "log", pod="web", container="c").json().get("log", ""))

    eventually(lambda: log() == "hello\n")


def test_a_stranger_gets_nothing_of_it(attempt: Attempt) -> None:
    put(attempt, {**POD, "metadata": {"name": "mine"}})
    olaf = people.client_of(people.olaf())
    assert ask(olaf, "object", apiVersion="v1", kind="Pod", name="mine").status_code == 404
    assert ask(Client(), "object", apiVersion="v1", kind="Pod", name="mine").status_code == 401
    assert ask(Client(), "log", pod="mine").status_code == 401
    assert ask(Client(), "past").status_code == 401


def test_without_a_past_there_is_none(mina: Client) -> None:
    past = ask(mina, "past").json()
    assert (past["base"], past["steps"]) == ([], [])
