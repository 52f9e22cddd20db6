"""Against the embedded cluster; with K8SLAB_PARITY_KUBECONFIG, unchanged against any other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from k8slab.kube.client import Client
from tests.parity.space import Space
from tests.parity.waiting import PATIENCE, eventually

OTHER = os.environ.get("K8SLAB_PARITY_KUBECONFIG", "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(2 * PATIENCE + 30))


@pytest.fixture(scope="session")
def parity_client(request: pytest.FixtureRequest) -> Client:
    return Client.from_kubeconfig(OTHER or request.getfixturevalue("emulator"))


@pytest.fixture
def space(parity_client: Client, namespace_name: str) -> Iterator[Space]:
    """A namespace, ready to be used."""
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace_name}}
    parity_client.create(body)
    space = Space(parity_client, namespace_name)
    try:
        eventually(lambda: space.find("ServiceAccount", "default"))
        yield space
    finally:
        parity_client.delete("v1", "Namespace", namespace_name)
