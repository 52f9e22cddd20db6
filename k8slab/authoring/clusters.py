"""Which cluster lessons are proven on: the one of a kubeconfig, or an embedded one that lives as long as the proof."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from k8slab.supervisor.stack import running_stack


@contextmanager
def cluster(kubeconfig: Path | None) -> Iterator[None]:
    """Inside the block this process works with that cluster. Raises StackFailed where none can be started."""
    before = settings.KUBECONFIG
    try:
        if kubeconfig:
            settings.KUBECONFIG = str(kubeconfig)
            yield
            return
        with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder), only=("emulator",)) as stack:
            settings.KUBECONFIG = str(stack.kubeconfig)
            yield
    finally:
        settings.KUBECONFIG = before
