from __future__ import annotations

from pathlib import Path

import pytest

from k8slab.kube.client import Client


@pytest.fixture(scope="session")
def client(emulator: Path) -> Client:
    """The embedded cluster's administrator."""
    return Client.from_kubeconfig(emulator)
