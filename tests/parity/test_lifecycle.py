"""Init containers, sidecars, probes, hooks, grace and memory: the life of a pod's containers."""

from __future__ import annotations

import pytest

from tests.parity.manifests import BUSYBOX, FOREVER, Obj, busybox, container, pod
from tests.parity.space import Space, condition
from tests.parity.waiting import eventually

LOOP = "while true; do sleep 1; done"
QUIET = container("c", BUSYBOX, command=FOREVER)


def status(space: Space, name: str, number: int = 0, kind: str = "containerStatuses") -> Obj:
    found = space.get("Pod", name).get("status", {}).get(kind) or []
    return dict(found[number]) if len(found) > number else {}


def test_a_sidecar_runs_beside_and_ends_after(space: Space) -> None:
    sidecar = busybox(LOOP, "side", restartPolicy="Always")
    space.create(pod("web", busybox("true"), initContainers=[sidecar], restartPolicy="Never"))
    eventually(lambda: space.get("Pod", "web")["status"].get("phase") == "Succeeded")
    assert status(space, "web")["state"]["terminated"]["reason"] == "Completed"
    side = status(space, "web", kind="initContainerStatuses")
    assert (side["started"], "terminated" in side["state"]) == (False, True)


def test_a_sidecar_counts_as_ready(space: Space) -> None:
    sidecar = busybox(LOOP, "side", restartPolicy="Always")
    space.create(pod("web", QUIET, initContainers=[sidecar]))
    space.running("web")
    assert status(space, "web", kind="initContainerStatuses")["ready"] is True


def test_init_containers_share_volumes_with_those_after_them(space: Space) -> None:
    mount = {"volumeMounts": [{"name": "work", "mountPath": "/work"}]}
    first = busybox("echo made > /work/file", "first", **mount)
    space.create(pod("web", busybox(LOOP, **mount), initContainers=[first], volumes=[{"name": "work", "emptyDir": {}}]))
    space.running("web")
    assert space.run("web", "cat", "/work/file") == (0, "made\n")


@pytest.mark.parametrize(
    "probe",
    [{"exec": {"command": ["cat", "/tmp/up"]}}, {"tcpSocket": {"port": 81}}, {"httpGet": {"path": "/no", "port": 80}}],
    ids=["exec", "tcp", "http"],
)
def test_readiness_waits_for_its_probe(space: Space, probe: Obj) -> None:
    space.create(pod("web", container(readinessProbe={**probe, "periodSeconds": 1})))
    message = space.event("web", "Unhealthy")["message"]
    assert message.startswith("Readiness probe failed: ")
    assert condition(space.get("Pod", "web"), "Ready")["reason"] == "ContainersNotReady"
    assert status(space, "web")["restartCount"] == 0


def test_a_startup_probe_holds_the_others_back(space: Space) -> None:
    wait = {"exec": {"command": ["cat", "/tmp/up"]}, "periodSeconds": 1, "failureThreshold": 30}
    alive = {"exec": {"command": ["false"]}, "periodSeconds": 1, "failureThreshold": 1}
    space.create(pod("web", busybox(LOOP, startupProbe=wait, livenessProbe=alive)))
    space.event("web", "Unhealthy")
    assert status(space, "web")["started"] is False
    space.run("web", "touch", "/tmp/up")
    eventually(lambda: status(space, "web")["restartCount"] > 0)
    assert "Container c failed liveness probe, will be restarted" in [
        event["message"] for event in space.events("web") if event["reason"] == "Killing"
    ]


def test_hooks_run_after_the_begin_and_before_the_end(space: Space) -> None:
    begun = {"exec": {"command": ["sh", "-c", "echo begun > /shared/begun"]}}
    ended = {"exec": {"command": ["sh", "-c", "echo ended > /shared/ended"]}}
    mount = {"volumeMounts": [{"name": "shared", "mountPath": "/shared"}]}
    hooked = busybox(LOOP, lifecycle={"postStart": begun, "preStop": ended}, **mount)
    witness = busybox("until cat /shared/ended; do sleep 0.1; done; while true; do sleep 1; done", "witness", **mount)
    made = pod("web", hooked, witness, volumes=[{"name": "shared", "emptyDir": {}}])
    space.create({**made, "spec": {**made["spec"], "terminationGracePeriodSeconds": 3}})
    space.running("web")
    assert space.run("web", "cat", "/shared/begun", container="c") == (0, "begun\n")
    space.delete("Pod", "web")
    eventually(lambda: "ended" in space.client.logs(space.name, "web", "witness"))


def test_a_hook_that_fails_ends_the_container(space: Space) -> None:
    hook = {"postStart": {"exec": {"command": ["false"]}}}
    space.create(pod("web", busybox(LOOP, lifecycle=hook)))
    assert space.event("web", "FailedPostStartHook")["type"] == "Warning"


def test_more_memory_than_allowed_kills(space: Space) -> None:
    greedy = container("c", "mysql:8.4", env=[{"name": "MYSQL_ROOT_PASSWORD", "value": "x"}])
    space.create(pod("web", {**greedy, "resources": {"limits": {"memory": "40Mi"}}}))

    def killed() -> bool:
        found = status(space, "web")
        ended = found.get("state", {}).get("terminated") or found.get("lastState", {}).get("terminated") or {}
        return bool(ended.get("reason") == "OOMKilled" and ended["exitCode"] == 137)

    eventually(killed)


def test_the_last_words_are_kept(space: Space) -> None:
    space.create(pod("web", busybox("echo bye > /dev/termination-log; exit 4"), restartPolicy="Never"))
    eventually(lambda: space.get("Pod", "web")["status"].get("phase") == "Failed")
    ended = status(space, "web")["state"]["terminated"]
    assert (ended["exitCode"], ended["reason"], ended["message"]) == (4, "Error", "bye\n")
