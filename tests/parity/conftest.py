"""Against the embedded cluster; with K8SLAB_PARITY_KUBECONFIG, unchanged against any other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from k8slab.kube.client import Client
from tests.emulator_process import Emulator, running_emulator
from tests.parity.control import Control
from tests.parity.space import Space
from tests.parity.waiting import PATIENCE, eventually

OTHER = os.environ.get("K8SLAB_PARITY_KUBECONFIG", "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(2 * PATIENCE + 30))


# What a real cluster does only after a while, and a test need not wait for.
SOON = (
    "--horizontal-pod-autoscaler-sync-period=1s",
    "--node-monitor-period=100ms",
    "--node-monitor-grace-period=1s",
    "--node-status-update-frequency=200ms",
    "--default-not-ready-toleration-seconds=1",
    "--default-unreachable-toleration-seconds=1",
)


@pytest.fixture(scope="session")
def own_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_emulator(tmp_path_factory.mktemp("parity"), *SOON) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def parity_kubeconfig(request: pytest.FixtureRequest) -> str:
    return OTHER or str(request.getfixturevalue("own_cluster").kubeconfig)


@pytest.fixture(scope="session")
def parity_client(parity_kubeconfig: str) -> Client:
    return Client.from_kubeconfig(parity_kubeconfig)


@pytest.fixture
def control(parity_client: Client) -> Control:
    """What only the embedded cluster offers: machines that fail and heal."""
    if OTHER:
        pytest.skip("machines of a real cluster are not ours to fail")
    return Control(parity_client)


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
