"""Pod: pulled, begun, looked after, begun again, ended."""

from __future__ import annotations

from typing import Any

from tests.parity.manifests import BUSYBOX, FOREVER, busybox, config_map, container, pod
from tests.parity.space import Space, condition, is_ready
from tests.parity.waiting import eventually

LOOP = "while true; do sleep 1; done"


def state(space: Space, name: str, number: int = 0, kind: str = "containerStatuses") -> dict[str, Any]:
    statuses = space.get("Pod", name).get("status", {}).get(kind) or [{}] * (number + 1)
    return dict(statuses[number])


def waits_for(space: Space, name: str, *reasons: str) -> dict[str, Any]:
    def look() -> dict[str, Any]:
        waiting = state(space, name).get("state", {}).get("waiting", {})
        assert waiting.get("reason") in reasons, waiting
        return dict(waiting)

    return eventually(look)


def test_its_story_is_told_in_events(space: Space) -> None:
    space.create(pod("web"))
    found = space.running("web")
    assert found["status"]["phase"] == "Running"
    assert found["status"]["qosClass"] == "BestEffort"
    space.event("web", "Started")
    reasons = [event["reason"] for event in space.events("web")]
    assert (reasons[0], reasons[-2:]) == ("Scheduled", ["Created", "Started"])
    assert "Pulled" in reasons
    message = space.events("web")[0]["message"]
    assert message == f"Successfully assigned {space.name}/web to {found['spec']['nodeName']}"


def test_an_image_that_is_not_there(space: Space) -> None:
    space.create(pod("web", container(image="nginx:no-such-tag")))
    waits_for(space, "web", "ErrImagePull", "ImagePullBackOff")
    assert "nginx:no-such-tag" in waits_for(space, "web", "ImagePullBackOff")["message"]
    assert space.event("web", "BackOff")["message"] == 'Back-off pulling image "nginx:no-such-tag"'
    assert space.get("Pod", "web")["status"]["phase"] == "Pending"


def test_an_image_that_no_reference_can_name(space: Space) -> None:
    space.create(pod("web", container(image="Nginx:latest")))
    assert waits_for(space, "web", "InvalidImageName")["message"].startswith("Failed to apply default image tag")


def test_a_crash_loop(space: Space) -> None:
    space.create(pod("web", busybox("echo about to fail; exit 3")))
    waiting = waits_for(space, "web", "CrashLoopBackOff")
    assert waiting["message"].startswith("back-off 10s restarting failed container=c pod=web_")
    found = eventually(lambda: (s := state(space, "web"))["restartCount"] >= 1 and s)
    assert found["lastState"]["terminated"]["exitCode"] == 3
    assert found["lastState"]["terminated"]["reason"] == "Error"
    assert space.client.logs(space.name, "web") == "about to fail\n"


def test_work_that_ends_is_complete(space: Space) -> None:
    space.create(pod("work", busybox("echo done"), restartPolicy="Never"))
    found = eventually(lambda: (p := space.get("Pod", "work"))["status"]["phase"] == "Succeeded" and p)
    (only,) = found["status"]["containerStatuses"]
    assert (only["state"]["terminated"]["reason"], only["restartCount"]) == ("Completed", 0)
    assert condition(found, "Ready")["reason"] == "PodCompleted"


def test_work_that_fails_stays_failed(space: Space) -> None:
    space.create(pod("work", busybox("exit 7"), restartPolicy="Never"))
    found = eventually(lambda: (p := space.get("Pod", "work"))["status"]["phase"] == "Failed" and p)
    assert found["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 7


def test_init_containers_run_first_in_order(space: Space) -> None:
    mounted = {"volumeMounts": [{"name": "shared", "mountPath": "/shared"}]}
    first = busybox("echo one > /shared/file", "one", **mounted)
    second = busybox("echo two >> /shared/file", "two", **mounted)
    volumes = [{"name": "shared", "emptyDir": {}}]
    space.create(pod("web", busybox(LOOP, **mounted), initContainers=[first, second], volumes=volumes))
    found = space.running("web")
    done = [one["state"]["terminated"]["reason"] for one in found["status"]["initContainerStatuses"]]
    assert done == ["Completed", "Completed"]
    assert space.run("web", "cat", "/shared/file") == (0, "one\ntwo\n")


def test_a_failing_init_container_keeps_the_pod_from_beginning(space: Space) -> None:
    space.create(pod("web", initContainers=[busybox("exit 1", "one")]))
    eventually(lambda: state(space, "web", kind="initContainerStatuses").get("restartCount", 0) >= 1)
    found = space.get("Pod", "web")
    assert found["status"]["phase"] == "Pending"
    assert condition(found, "Initialized")["reason"] == "ContainersNotInitialized"
    assert state(space, "web")["state"]["waiting"]["reason"] == "PodInitializing"


def test_readiness_follows_its_probe(space: Space) -> None:
    probe = {"exec": {"command": ["cat", "/tmp/ready"]}, "periodSeconds": 1}
    space.create(pod("web", busybox(LOOP, readinessProbe=probe)))
    eventually(lambda: state(space, "web").get("started"))
    assert space.event("web", "Unhealthy")["message"].startswith("Readiness probe failed: cat: can't open '/tmp/ready'")
    assert not is_ready(space.get("Pod", "web"))
    space.run("web", "touch", "/tmp/ready")
    space.running("web")


def test_a_failing_liveness_probe_begins_the_container_anew(space: Space) -> None:
    probe = {"exec": {"command": ["cat", "/tmp/alive"]}, "periodSeconds": 1, "failureThreshold": 1}
    loop = "touch /tmp/alive; trap 'exit 0' TERM; while true; do sleep 1; done"
    space.create(pod("web", busybox(loop, livenessProbe={**probe, "initialDelaySeconds": 1})))
    space.running("web")
    space.run("web", "rm", "/tmp/alive")
    eventually(lambda: state(space, "web")["restartCount"] >= 1)
    assert space.event("web", "Killing")["message"] == "Container c failed liveness probe, will be restarted"


def test_an_http_probe_reads_the_status(space: Space) -> None:
    probe = {"httpGet": {"path": "/nothing", "port": 80}, "periodSeconds": 1}
    space.create(pod("web", container(readinessProbe=probe)))
    message = space.event("web", "Unhealthy")["message"]
    assert message == "Readiness probe failed: HTTP probe failed with statuscode: 404"


def test_no_node_is_large_enough(space: Space) -> None:
    space.create(pod("huge", container(resources={"requests": {"cpu": "10000"}})))
    message = space.event("huge", "FailedScheduling")["message"]
    assert "nodes are available" in message
    assert "Insufficient cpu" in message
    assert condition(space.get("Pod", "huge"), "PodScheduled")["reason"] == "Unschedulable"


def test_a_missing_config_map_holds_the_container_back(space: Space) -> None:
    space.create(pod("web", container(envFrom=[{"configMapRef": {"name": "settings"}}])))
    assert waits_for(space, "web", "CreateContainerConfigError")["message"] == 'configmap "settings" not found'
    space.create(config_map("settings", COLOUR="blue"))
    space.running("web")
    assert space.run("web", "sh", "-c", "echo $COLOUR") == (0, "blue\n")


def test_files_of_a_config_map(space: Space) -> None:
    space.create(config_map("settings", **{"a.txt": "hello"}))
    mounted = {"volumeMounts": [{"name": "v", "mountPath": "/etc/settings"}]}
    volumes = [{"name": "v", "configMap": {"name": "settings"}}]
    space.create(pod("web", container(image=BUSYBOX, command=FOREVER, **mounted), volumes=volumes))
    space.running("web")
    assert space.run("web", "cat", "/etc/settings/a.txt") == (0, "hello")
    assert space.run("web", "ls", "/etc/settings") == (0, "a.txt\n")


def test_a_deleted_pod_has_time_to_end(space: Space) -> None:
    script = "trap 'sleep 2; exit 0' TERM; while true; do sleep 1; done"
    space.create(pod("web", busybox(script), terminationGracePeriodSeconds=30))
    space.running("web")
    space.delete("Pod", "web")
    ending = space.get("Pod", "web")
    assert ending["metadata"]["deletionGracePeriodSeconds"] == 30
    space.gone("Pod", "web")
    assert space.event("web", "Killing")["message"] == "Stopping container c"
