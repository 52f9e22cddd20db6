"""All processes for a test or a benchmark, in a directory of their own: the same path that `./lab up` takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .places import ROOT, Places
from .plan import NAMES
from .secrets import read

STOPPING = 20.0


class StackFailed(Exception):
    """It did not come up; the message is what it said."""


@dataclass(frozen=True)
class Stack:
    url: str
    var: Path
    kubeconfig: Path
    logins: Mapping[str, str]
    seconds: float  # from the supervisor's first line of Python to everything ready
    supervisor_pid: int

    def pid(self, process: str) -> int:
        """The process id of now: a process that was killed comes back under another one."""
        return int(read(Places(self.var).pid_file(process)))

    def log(self, process: str) -> str:
        """What the process said; for the message of a test that failed."""
        return read(Places(self.var).log / f"{process}.log")


@contextmanager
def running_stack(
    var: Path,
    port: int = 0,
    only: Iterable[str] = NAMES,
    env: Mapping[str, str] | None = None,
    options: Iterable[str] = (),
) -> Iterator[Stack]:
    """Starts, waits until all are ready, stops at the end. Dies with us: its standard input is our pipe."""
    where = ("--var", str(var), "--port", str(port), "--only", ",".join(only))
    supervisor = subprocess.Popen(
        (sys.executable, "-m", "k8slab.supervisor", *where, *options),
        cwd=ROOT,
        env=clean_environment() | dict(env or {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with supervisor:
        try:
            assert supervisor.stdout is not None
            yield _parse(supervisor.stdout.readline(), supervisor)
        finally:
            supervisor.terminate()
            try:
                supervisor.communicate(timeout=STOPPING)
            except subprocess.TimeoutExpired:
                supervisor.kill()


def clean_environment() -> dict[str, str]:
    """Ours without what would lead a fresh stack to somebody else's Redis, cluster or database."""
    foreign = ("REDIS_URL", "REDIS_URL_FILE", "K8SLAB_KUBECONFIG", "DATABASE_URL", "K8SLAB_VAR")
    return {name: value for name, value in os.environ.items() if name not in foreign}


def _parse(line: str, supervisor: subprocess.Popen[str]) -> Stack:
    if not line:
        assert supervisor.stderr is not None
        raise StackFailed(supervisor.stderr.read())
    facts = json.loads(line)
    return Stack(
        url=facts["url"],
        var=Path(facts["var"]),
        kubeconfig=Path(facts["kubeconfig"]),
        logins=facts["logins"],
        seconds=facts["seconds"],
        supervisor_pid=supervisor.pid,
    )
