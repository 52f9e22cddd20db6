"""What rows measure: an embedded cluster alone, or all processes, each started when the first row asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from k8slab.supervisor.child import die_with_parent
from k8slab.supervisor.lock import free_port
from k8slab.supervisor.places import ROOT
from k8slab.supervisor.stack import Stack, running_stack

PATIENCE = 30.0
TOKEN = "bench"


@dataclass
class Cluster:
    """`python -m k8slab.emulator`, alone."""

    port: int
    data: Path
    process: subprocess.Popen[bytes]
    seconds: float  # from the command to /readyz

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


class Surroundings:
    def __init__(self) -> None:
        self._closing = ExitStack()
        self._directory = Path(self._closing.enter_context(tempfile.TemporaryDirectory(prefix="k8slab-bench-")))
        self._cluster: Cluster | None = None
        self._stack: Stack | None = None
        self._started = 0

    def __enter__(self) -> Surroundings:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closing.close()

    def cluster(self) -> Cluster:
        """One for all rows that need nothing else."""
        if self._cluster is None:
            self._cluster = self.fresh_cluster()
            self._closing.callback(self._cluster.stop)
        return self._cluster

    def fresh_cluster(self, nodes: int = 3) -> Cluster:
        """An empty one for the caller alone, who stops it."""
        self._started += 1
        return start_cluster(self._directory / f"cluster-{self._started}", nodes)

    def stack(self) -> Stack:
        """All five processes, as `./lab up` runs them."""
        if self._stack is None:
            self._stack = self._closing.enter_context(running_stack(self._directory / "var"))
        return self._stack


def start_cluster(data: Path, nodes: int) -> Cluster:
    data.mkdir(parents=True, exist_ok=True)
    port = free_port()
    where = ("--data", str(data), "--port", str(port), "--token", TOKEN, "--nodes", str(nodes))
    began = time.perf_counter()
    with (data / "output.log").open("wb") as log:
        process = subprocess.Popen(
            (sys.executable, "-m", "k8slab.emulator", *where),
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent(),
        )
    while not answers(f"http://127.0.0.1:{port}/readyz"):
        if process.poll() is not None or time.perf_counter() - began > PATIENCE:
            process.kill()
            raise RuntimeError(f"the embedded cluster did not start:\n{(data / 'output.log').read_text()}")
        time.sleep(0.002)
    return Cluster(port, data, process, time.perf_counter() - began)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
