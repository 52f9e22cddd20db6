"""The recorded cases of a real control plane, replayed against the embedded cluster. Only where they are at hand.

`known_failures.txt` lists the cases that fail; one that passes by now is named at the end, to be taken out. The cases
wait in real seconds, so what fails on a busy machine is tried once more, alone, before it counts.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from k8slab.kube.client import Client
from tests.emulator_process import ROOT, Emulator, running_emulator
from tests.parity.waiting import eventually

GOLDEN = ROOT.parent / "shared" / "golden"
KNOWN = Path(__file__).parent / "known_failures.txt"
TOKEN = "golden"
NODES = 3

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(not GOLDEN.exists(), reason="the recorded cases are not here"),
]


def known_failures() -> set[str]:
    lines = (line.partition("#")[0].strip() for line in KNOWN.read_text(encoding="utf-8").splitlines())
    return {line for line in lines if line}


@contextmanager
def node_agent(cluster: Emulator) -> Iterator[None]:
    """The one that ran while the cases were recorded."""
    command = (sys.executable, str(GOLDEN / "fakenode.py"), str(cluster.kubeconfig), str(NODES))
    with (cluster.data / "agent.log").open("wb") as log:
        agent = subprocess.Popen(command, stdout=log, stderr=log)
    client = Client.from_kubeconfig(cluster.kubeconfig)
    try:
        eventually(lambda: len(client.list("v1", "Node")["items"]) == NODES)
        yield
    finally:
        agent.kill()
        agent.wait()


def replay(cluster: Emulator, report: Path, *options: str) -> dict[str, object]:
    """case → what differs, None where nothing does."""
    where = ("--server", cluster.server, "--token", TOKEN, "--report", str(report), *options)
    run = subprocess.run((sys.executable, str(GOLDEN / "run.py"), *where), capture_output=True, text=True)
    assert report.exists(), run.stderr
    return {f"{case['area']}/{case['name']}": case["diff"] for case in json.loads(report.read_text())}


def test_recorded_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = known_failures()
    with running_emulator(tmp_path / "data", "--token", TOKEN, nodes=0) as cluster, node_agent(cluster):
        cases = replay(cluster, tmp_path / "first.json", "-j", "4")
        failed = {name for name, diff in cases.items() if diff is not None}
        if again := sorted(failed - known):
            only = "^(" + "|".join(map(re.escape, again)) + ")$"
            cases |= replay(cluster, tmp_path / "second.json", "--only", only)
    failed = {name for name, diff in cases.items() if diff is not None}
    with capsys.disabled():
        stale = "".join(f"\n  passes by now: {name}" for name in sorted(known - failed))
        sys.stdout.write(f"\n{len(cases) - len(failed)} of {len(cases)} recorded cases pass{stale}\n")
    assert {name: cases[name] for name in failed - known} == {}
