"""The transcripts of a real kubectl on a real control plane, replayed by the page's kubectl on the embedded cluster.

Only where they are at hand. `FAILING` names those that fail, each with its reason.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.emulator_process import ROOT, running_emulator
from tests.golden.test_golden import GOLDEN, TOKEN, node_agent, replay
from tests.parity.waiting import eventually

from .kubectl_server import client_script

FAILING: dict[str, str] = {}

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not GOLDEN.exists(), reason="the recorded cases are not here"),
]


@contextmanager
def quick_kubectl(folder: Path) -> Iterator[Path]:
    """A program that is the page's kubectl."""
    listening, script = folder / "k.sock", folder / "kubectl"
    command = (sys.executable, "-m", "tests.terminal.kubectl_server", str(listening))
    with (folder / "kubectl.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        eventually(listening.exists)
        client_script(script, listening)
        yield script
    finally:
        server.kill()
        server.wait()


def test_transcripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        running_emulator(tmp_path / "data", "--token", TOKEN, nodes=0) as cluster,
        node_agent(cluster),
        quick_kubectl(tmp_path) as kubectl,
    ):
        only = ("--only", "^kubectl/", "--kubectl", str(kubectl))
        cases = replay(cluster, tmp_path / "first.json", "-j", "4", *only)
        failed = {name for name, diff in cases.items() if diff is not None}
        if failed - set(FAILING):  # a busy machine: what fails is tried once more before it counts
            again = f"^({'|'.join(sorted(failed - set(FAILING)))})$"
            cases |= replay(cluster, tmp_path / "second.json", "--only", again, "--kubectl", str(kubectl))
    failed = {name for name, diff in cases.items() if diff is not None}
    with capsys.disabled():
        stale = "".join(f"\n  passes by now: {name}" for name in sorted(set(FAILING) - failed))
        sys.stdout.write(f"\n{len(cases) - len(failed)} of {len(cases)} transcripts pass{stale}\n")
    assert {name: cases[name] for name in failed if name not in FAILING} == {}
