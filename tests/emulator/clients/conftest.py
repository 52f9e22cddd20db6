"""The emulator as a process of its own, for clients that nobody here wrote."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.emulator.clients.kubectl import Kubectl
from tests.emulator.clients.process import Emulator, running_emulator

NAMES = itertools.count(1)


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_emulator(tmp_path_factory.mktemp("clients")) as started:
        yield started


@pytest.fixture
def kubectl(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubectl]:
    """kubectl in a namespace of its own; what it left running is ended."""
    if shutil.which("kubectl") is None:
        pytest.skip("no kubectl on the PATH")
    home = tmp_path_factory.getbasetemp() / "kubectl-home"
    opened = Kubectl(emulator.kubeconfig, f"k{next(NAMES)}", home)
    opened("create", "namespace", opened.namespace)
    yield opened
    opened.end_all()
    opened("delete", "namespace", opened.namespace, "--wait=false")


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes files and gives their folder."""

    def write(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / name.replace("__", ".")).write_text(text)
        return tmp_path

    return write
