"""All five processes, once for the whole run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from k8slab.supervisor.stack import Stack, running_stack

from .student import Student


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("stack"), env={"K8SLAB_GUESTS_PER_IP": "10000/h"}) as running:
        yield running


@pytest.fixture
def student(stack: Stack) -> Student:
    """A fresh guest."""
    newcomer = Student(stack.url)
    newcomer.begin_as_guest()
    return newcomer


@pytest.fixture
def lessons() -> Path:
    return Path(os.environ.get("K8SLAB_LESSONS", "lessons")).resolve()
