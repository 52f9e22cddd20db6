"""The periods on the command line: read, refused, and felt by a cluster."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from k8slab.emulator.controllers.periods import Periods
from k8slab.emulator.flags import parse
from k8slab.emulator.nodes.timing import Timing
from k8slab.emulator.server import StartError
from k8slab.supervisor.plan import PERIODS
from tests.emulator.test_process import emulator, request
from tests.parity.waiting import eventually

APP = [word for pair in PERIODS.items() for word in pair]
PODS = "/api/v1/namespaces/default/pods"


def test_it_works() -> None:
    options = parse(["--data", "d"])
    assert (options.periods, options.timing) == (Periods(), Timing())
    assert (options.not_ready_seconds, options.unreachable_seconds, options.load_balancer) == (300, 300, True)


def test_durations_are_read_as_go_reads_them() -> None:
    flags = ["--max-container-back-off", "1m30s", "--node-monitor-period", "500ms", "--image-back-off-period", "2.5s"]
    options = parse(["--data", "d", *flags])
    assert options.timing.back_off_last == 90
    assert options.timing.image_back_off_first == 2.5
    assert options.periods.node_look_seconds == 0.5


@pytest.mark.parametrize("text", ["5", "five", "-1s", "0s", "1d", ""])
def test_what_is_no_duration_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--data", "d", f"--node-monitor-period={text}"])
    assert f'invalid duration "{text}"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--node-status-update-frequency", "50s"], "healthy nodes would not be ready"),
        (["--node-monitor-grace-period", "4s", "--node-status-update-frequency", "1s"], "noticed late"),
        (["--node-lease-duration-seconds", "5"], "leases would run out"),
        (["--container-back-off-period", "6m"], r"--container-back-off-period \(360s\) must not be longer than"),
        (["--max-image-back-off", "1s"], r"must not be longer than --max-image-back-off \(1s\)"),
    ],
)
def test_periods_that_contradict_each_other_are_refused(flags: list[str], why: str) -> None:
    with pytest.raises(StartError, match=why):
        parse(["--data", "d", *flags])


def test_a_contradiction_ends_with_one_line(tmp_path: Path) -> None:
    with emulator(tmp_path, "--node-monitor-grace-period", "3s") as (process, _):
        assert process.wait(10) == 1
        assert process.stderr is not None
        assert process.stderr.read().startswith("k8slab emulator: --node-status-update-frequency (10s) must be shorter")


def test_an_unknown_controller_ends_with_one_line(tmp_path: Path) -> None:
    with emulator(tmp_path, "--controllers", "deployment,nope") as (process, _):
        assert process.wait(10) == 1
        assert process.stderr is not None
        assert process.stderr.read() == "k8slab emulator: unknown controllers: nope\n"


def test_without_simulated_nodes_there_is_no_balancer() -> None:
    assert not parse(["--data", "d", "--nodes", "0"]).load_balancer
    assert parse(["--data", "d", "--nodes", "0", "--load-balancer", "on"]).load_balancer
    assert not parse(["--data", "d", "--load-balancer", "off"]).load_balancer


def ready(data: Path, node: str) -> str:
    conditions = request(data, "GET", f"/api/v1/nodes/{node}")["status"]["conditions"]
    return next(str(one["status"]) for one in conditions if one["type"] == "Ready")


def test_with_the_apps_periods_a_failed_node_shows_soon_and_its_pods_leave(tmp_path: Path) -> None:
    spec: Any = {"containers": [{"name": "c", "image": "nginx:1.25"}]}
    soon = ("--default-unreachable-toleration-seconds", "1")  # the app's five would only make the test longer
    with emulator(tmp_path, "--nodes", "2", *APP, *soon):
        place = {"kubernetes.io/hostname": "node-1"}
        request(tmp_path, "POST", PODS, {"metadata": {"name": "p"}, "spec": {**spec, "nodeSelector": place}})
        pod = eventually(lambda: _running(tmp_path, "p"))
        assert {one["tolerationSeconds"] for one in pod["spec"]["tolerations"]} == {5, 1}
        failed = time.monotonic()
        request(tmp_path, "POST", "/emulator/nodes/node-1/fail", {})
        eventually(lambda: ready(tmp_path, "node-1") == "Unknown")
        noticed = time.monotonic() - failed
        eventually(lambda: "deletionTimestamp" in request(tmp_path, "GET", f"{PODS}/p")["metadata"])
        assert ready(tmp_path, "node-2") == "True"
        request(tmp_path, "POST", "/emulator/nodes/node-1/heal", {})
        eventually(lambda: ready(tmp_path, "node-1") == "True")
    assert noticed > 0.5  # it was silence that was noticed, not the request


def test_a_crash_loop_goes_round_as_fast_as_is_said(tmp_path: Path) -> None:
    spec: Any = {"containers": [{"name": "c", "image": "busybox:1.36", "command": ["false"]}]}
    with emulator(tmp_path, "--nodes", "1", "--container-back-off-period", "50ms", "--max-container-back-off", "100ms"):
        request(tmp_path, "POST", PODS, {"metadata": {"name": "p"}, "spec": spec})
        eventually(lambda: _restarts(tmp_path, "p") >= 4)


def _restarts(data: Path, name: str) -> int:
    statuses = request(data, "GET", f"{PODS}/{name}")["status"].get("containerStatuses") or [{"restartCount": 0}]
    return int(statuses[0]["restartCount"])


def _running(data: Path, name: str) -> Any:
    pod = request(data, "GET", f"{PODS}/{name}")
    return pod if pod["status"].get("phase") == "Running" else None
