"""What the editor's worker fetches."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests import people


@pytest.fixture
def mina(db: None, emulator: Path, settings: Settings) -> Client:
    settings.KUBECONFIG = str(emulator)
    return people.client_of(people.mina())


def test_it_works(mina: Client) -> None:
    answer = mina.get("/api/schema/apps/v1").json()
    assert answer["apiVersion"] == "apps/v1"
    assert "Deployment" in answer["kinds"]


def test_which_kinds_there_are(mina: Client) -> None:
    kinds = mina.get("/api/schema/").json()["kinds"]
    assert {"apiVersion": "v1", "kind": "Pod", "namespaced": True} in kinds
    assert {"apiVersion": "v1", "kind": "Namespace", "namespaced": False} in kinds


def test_it_is_packed_once_and_not_sent_again(mina: Client) -> None:
    first = mina.get("/api/schema/v1", headers={"accept-encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    assert len(first.content) < 100_000
    again = mina.get("/api/schema/v1", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("api_version", ["extensions/v1beta1", "nonsense", "../v1", "v1/pods"])
def test_what_is_not_served_is_not_found(mina: Client, api_version: str) -> None:
    assert mina.get(f"/api/schema/{api_version}").status_code == 404


def test_a_cluster_that_is_away_says_so(mina: Client, settings: Settings, tmp_path: Path) -> None:
    settings.KUBECONFIG = str(tmp_path / "none")
    assert mina.get("/api/schema/").status_code == 503


def test_a_stranger_is_sent_to_log_in(client: Client) -> None:
    assert client.get("/api/schema/v1").status_code == 401
