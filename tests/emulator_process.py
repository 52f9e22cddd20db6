"""The embedded cluster as a process of its own, for tests that need a cluster."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import yaml

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 20.0  # seconds until it answers


class Emulator:
    """`python -m k8slab.emulator` on a free port. Stopped by `stop`, or killed as a power cut would by `kill`."""

    def __init__(self, data: Path, *arguments: str, nodes: int = 3) -> None:
        self.data = data
        self._arguments = ("--data", str(data), "--nodes", str(nodes), *arguments)
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def kubeconfig(self) -> Path:
        return self.data / "kubeconfig"

    @property
    def server(self) -> str:
        config = yaml.safe_load(self.kubeconfig.read_text(encoding="utf-8"))
        return str(config["clusters"][0]["cluster"]["server"])

    def start(self) -> None:
        """Returns when it is ready; started again, it comes back on the same port with the same data."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.kubeconfig.unlink(missing_ok=True)
        command = [sys.executable, "-m", "k8slab.emulator", *self._arguments, "--port", str(self._port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=dict(os.environ))
        until = time.monotonic() + PATIENCE
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise AssertionError(f"the emulator does not start:\n{self._log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.01)
        self._port = int(self.server.rpartition(":")[2])

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def _log(self) -> Path:
        return self.data / "emulator.log"

    def _ready(self) -> bool:
        not_yet = contextlib.suppress(OSError, URLError, KeyError, TypeError, yaml.YAMLError)
        with not_yet, urlopen(f"{self.server}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
        return False


@contextlib.contextmanager
def running_emulator(data: Path, *arguments: str, nodes: int = 3) -> Iterator[Emulator]:
    emulator = Emulator(data, *arguments, nodes=nodes)
    emulator.start()
    try:
        yield emulator
    finally:
        emulator.stop()
