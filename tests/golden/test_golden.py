"""The recorded cases of a real control plane, replayed against the embedded cluster. Only where they are at hand.

`known_failures.txt` lists the cases that fail. It can only shrink: a listed case that passes fails this test, too.
"""

from __future__ import annotations

import json
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


def test_recorded_cases(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with running_emulator(tmp_path / "data", "--token", TOKEN, nodes=0) as cluster, node_agent(cluster):
        where = ("--server", cluster.server, "--token", TOKEN, "--report", str(report), "-j", "4")
        run = subprocess.run((sys.executable, str(GOLDEN / "run.py"), *where), capture_output=True, text=True)
    assert report.exists(), run.stderr
    cases = {f"{case['area']}/{case['name']}": case["diff"] for case in json.loads(report.read_text())}
    failed = {name: diff for name, diff in cases.items() if diff is not None}
    known = known_failures()
    assert {name: diff for name, diff in failed.items() if name not in known} == {}, run.stdout.splitlines()[-1]
    passing = " ".join(sorted(known - set(failed)))
    assert not passing, f"these pass, or do not exist; take them out of known_failures.txt: {passing}"
