"""Pods as a real node told their story, where the recordings are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .fake_world import FakeWorld, Grader, thing

RECORDED = Path(__file__).parents[3] / "shared" / "golden" / "node"
pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="needs the recordings of a real node")

TOLD = {
    "bad-command": ("waiting", "CrashLoopBackOff", "Failed"),
    "bad-image": ("waiting", "ImagePullBackOff", "Failed"),
    "bad-image-name": ("waiting", "InvalidImageName", "InspectFailed"),
    "completes-always": ("waiting", "CrashLoopBackOff", "Completed"),
    "crashloop": ("waiting", "CrashLoopBackOff", "Error"),
    "deadline": ("fail", "DeadlineExceeded", "DeadlineExceeded"),
    "fails-never": ("fail", "Error", "Error"),
    "hostpath-missing": ("waiting", "ContainerCreating", "FailedMount"),
    "init-fails": ("waiting", "CrashLoopBackOff", "Error"),
    "live-fails-exec": ("waiting", "CrashLoopBackOff", "Unhealthy"),
    "missing-configmap-env": ("waiting", "CreateContainerConfigError", "Failed"),
    "missing-secret-volume": ("waiting", "ContainerCreating", "FailedMount"),
    "never-pull": ("waiting", "ErrImageNeverPull", "ErrImageNeverPull"),
    "not-ready": ("waiting", "ContainersNotReady", "Unhealthy"),
    "run-as-nonroot": ("waiting", "CreateContainerConfigError", "Failed"),
}
WELL = ["completes", "init-ok", "ready-http", "run-forever", "sidecar", "volumes-ok"]


def grader(name: str) -> Grader:
    recorded = json.loads((RECORDED / f"{name}.json").read_text())
    pod = thing("v1", "Pod", name, spec=recorded["spec"], status=recorded["status"])
    world = FakeWorld(pod)
    for event in recorded["events"]:
        world.event(pod, event["reason"], event["message"], event["type"])
    return Grader(f"- {{id: a, object: {{apiVersion: v1, kind: Pod, name: {name}}}, settled: true}}", world)


@pytest.mark.parametrize("name", TOLD)
def test_what_is_wrong_is_seen_and_its_cause_comes_first(name: str) -> None:
    result = grader(name).look()
    assert (result.verdict, result.messages[0].params["reason"], result.explanations[0].reason) == TOLD[name]


@pytest.mark.parametrize("name", WELL)
def test_what_is_well_passes(name: str) -> None:
    assert grader(name).look().verdict == "pass"
