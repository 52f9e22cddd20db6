"""`python -m k8slab.emulator`, started and ended."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Emulator:
    kubeconfig: Path
    url: str
    process: subprocess.Popen[str]


@contextmanager
def running_emulator(data: Path, *options: str) -> Iterator[Emulator]:
    command = [sys.executable, "-m", "k8slab.emulator", "--data", str(data), *options]
    with (data / "stderr").open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "ready on" in line, (data / "stderr").read_text()
            yield Emulator(data / "kubeconfig", line.split("ready on ")[1].split()[0], process)
        finally:
            process.terminate()
            process.communicate(timeout=10)
    complaints = (data / "stderr").read_text()
    assert not complaints, complaints
