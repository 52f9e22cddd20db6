"""Race-free: what looks ready while it is not must not pass (field.md, need 4)."""

from __future__ import annotations

import pytest

from k8slab.grading.finding import Finding
from k8slab.grading.settling.settle import settle
from k8slab.grading.view import View

from .fake_world import (
    EARLIER,
    NOW,
    FakeWorld,
    Grader,
    Obj,
    crashing,
    deployment,
    endpoints,
    pod,
    replica_set,
    rolled_out,
    service,
    thing,
)

SETTLED = "- {id: a, object: {apiVersion: apps/v1, kind: Deployment, name: web}, settled: true}"


def settled(world: FakeWorld, kind: str, name: str = "web", now: float = NOW) -> Finding:
    return settle(View(world), world.get(kind, name), now)


def said(finding: Finding) -> set[str]:
    return {message.code for message in finding.messages}


def test_it_works() -> None:
    assert settled(rolled_out(), "Deployment").outcome == "yes"
    assert settled(rolled_out(wanted=0), "Deployment").outcome == "yes"


def test_a_status_that_speaks_of_an_older_spec_does_not_count() -> None:
    world = rolled_out()
    world.get("Deployment")["metadata"]["generation"] = 2
    assert said(settled(world, "Deployment")) == {"not-observed"}


def test_ready_pods_of_the_old_replica_set_do_not_count() -> None:
    """Solved at the beginning: all three pods are ready, and all are of the old version."""
    world = rolled_out()
    world.objects.append(replica_set("web-2", world.get("Deployment"), wanted=0, ready=0, revision=2))
    found = settled(world, "Deployment")
    assert found.outcome == "not-yet"
    assert said(found) == {"old-pods"}


def test_a_pod_of_the_old_replica_set_that_is_going_still_disturbs() -> None:
    world = rolled_out()
    old = replica_set("web-0", world.get("Deployment"), wanted=0, ready=0, revision=0)
    world.objects += [old, pod("web-0-x", old)]
    world.get("Pod", "web-0-x")["metadata"]["deletionTimestamp"] = EARLIER
    assert said(settled(world, "Deployment")) == {"old-pods"}


def test_a_status_that_has_not_counted_yet_waits() -> None:
    world = rolled_out()
    world.get("Deployment")["status"]["updatedReplicas"] = 1
    assert said(settled(world, "Deployment")) == {"rollout"}


def test_a_status_ahead_of_its_pods_waits() -> None:
    world = rolled_out()
    world.get("Pod", "web-1-0")["metadata"]["deletionTimestamp"] = EARLIER
    assert settled(world, "Deployment").outcome == "not-yet"


def test_a_deployment_without_replica_set_waits() -> None:
    assert said(settled(FakeWorld(deployment()), "Deployment")) == {"rollout"}


def test_a_crash_loop_is_not_ready_though_its_phase_is_running() -> None:
    world = rolled_out()
    owner = world.get("ReplicaSet", "web-1")
    world.objects = [o for o in world.objects if o["metadata"]["name"] != "web-1-0"] + [crashing("web-1-9", owner)]
    found = settled(world, "Deployment")
    assert found.outcome == "not-yet"
    assert [m.params["reason"] for m in found.messages if m.code == "pod-not-ready"] == ["CrashLoopBackOff"]


def test_between_two_crashes_a_container_is_ready_but_not_settled() -> None:
    status = {
        "name": "main",
        "ready": True,
        "restartCount": 2,
        "state": {"running": {"startedAt": "2027-01-15T08:00:00Z"}},
    }
    world = FakeWorld(pod("web", containerStatuses=[status]))
    started = 1_800_000_000.0
    found = settled(world, "Pod", now=started + 1)
    assert said(found) == {"restarting"}
    assert found.again_at == started + 10
    assert settled(world, "Pod", now=started + 10).outcome == "yes"


def test_steadiness_is_looked_at_again_in_time() -> None:
    status = {
        "name": "main",
        "ready": True,
        "restartCount": 1,
        "state": {"running": {"startedAt": "2027-01-15T08:00:00Z"}},
    }
    grader = Grader(
        SETTLED.replace("apps/v1, kind: Deployment", "v1, kind: Pod"), FakeWorld(pod("web", containerStatuses=[status]))
    )
    assert grader.look(after=2).again_at == NOW + 10
    assert grader.look(after=8).verdict == "pass"


@pytest.mark.parametrize(
    ("made", "outcome"),
    [
        (pod("p"), "yes"),
        (pod("p", ready=False), "not-yet"),
        (pod("p", phase="Succeeded"), "yes"),
        (pod("p", phase="Failed", reason="Evicted"), "no"),
        (pod("p", replica_set("rs"), phase="Failed"), "not-yet"),
    ],
)
def test_pods(made: Obj, outcome: str) -> None:
    assert settled(FakeWorld(made), "Pod", "p").outcome == outcome


def test_finished_pods_of_a_workload_are_history() -> None:
    world = rolled_out()
    world.objects.append(pod("web-1-old", world.get("ReplicaSet", "web-1"), phase="Failed"))
    assert settled(world, "Deployment").outcome == "yes"


def condition(kind: str) -> Obj:
    return {"conditions": [{"type": kind, "status": "True", "reason": "BackoffLimitExceeded"}]}


@pytest.mark.parametrize(
    ("kind", "parts", "outcome"),
    [
        ("Job", {"status": condition("Complete")}, "yes"),
        ("Job", {"status": condition("Failed")}, "no"),
        ("Job", {"status": {"succeeded": 1}, "spec": {"completions": 3}}, "not-yet"),
        ("PersistentVolumeClaim", {"status": {"phase": "Bound"}}, "yes"),
        ("PersistentVolumeClaim", {"status": {"phase": "Pending"}}, "not-yet"),
        ("PersistentVolumeClaim", {"status": {"phase": "Lost"}}, "no"),
        ("PersistentVolume", {"status": {"phase": "Available"}}, "yes"),
        ("PersistentVolume", {"status": {"phase": "Released"}}, "not-yet"),
        ("Namespace", {"status": {"phase": "Terminating"}}, "not-yet"),
        ("ConfigMap", {}, "yes"),
    ],
)
def test_other_kinds(kind: str, parts: Obj, outcome: str) -> None:
    assert settled(FakeWorld(thing("v1", kind, "web", **parts)), kind).outcome == outcome


def stateful(**status: object) -> Obj:
    full = {"replicas": 2, "readyReplicas": 2, "availableReplicas": 2, "updatedReplicas": 2, "observedGeneration": 1}
    revisions = {"currentRevision": "a", "updateRevision": "a"}
    return thing("apps/v1", "StatefulSet", "web", spec={"replicas": 2}, status={**full, **revisions, **status})


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ({}, "yes"),
        ({"readyReplicas": 1}, "not-yet"),
        ({"updatedReplicas": 1, "updateRevision": "b"}, "not-yet"),
        ({"updatedReplicas": 0}, "yes"),
    ],
)
def test_stateful_sets(status: Obj, outcome: str) -> None:
    owner = stateful(**status)
    world = FakeWorld(owner, pod("web-0", owner), pod("web-1", owner))
    assert settled(world, "StatefulSet").outcome == outcome


def test_a_partition_keeps_pods_back() -> None:
    owner = stateful(updatedReplicas=1, updateRevision="b")
    owner["spec"]["updateStrategy"] = {"rollingUpdate": {"partition": 1}}
    world = FakeWorld(owner, pod("web-0", owner), pod("web-1", owner))
    assert settled(world, "StatefulSet").outcome == "yes"


@pytest.mark.parametrize(("ready", "outcome"), [(1, "not-yet"), (2, "yes")])
def test_daemon_sets(ready: int, outcome: str) -> None:
    counts = {"desiredNumberScheduled": 2, "currentNumberScheduled": 2, "updatedNumberScheduled": 2}
    status = {**counts, "numberReady": ready, "numberAvailable": ready, "observedGeneration": 1}
    owner = thing("apps/v1", "DaemonSet", "web", spec={}, status=status)
    assert settled(FakeWorld(owner, pod("a", owner), pod("b", owner)), "DaemonSet").outcome == outcome


def test_a_service_needs_a_ready_endpoint() -> None:
    backend = pod("p")
    assert settled(FakeWorld(service(), backend, endpoints(backend)), "Service").outcome == "yes"
    assert said(settled(FakeWorld(service(), backend), "Service")) == {"no-endpoints"}
    unready = FakeWorld(service(), backend, endpoints(backend, ready=False))
    assert said(settled(unready, "Service")) == {"endpoints-unready"}


def test_an_endpoint_whose_pod_is_going_does_not_count() -> None:
    backend = pod("p")
    world = FakeWorld(service(), backend, endpoints(backend))
    world.get("Pod", "p")["metadata"]["deletionTimestamp"] = EARLIER
    assert settled(world, "Service").outcome == "not-yet"


def test_a_selector_that_fits_nothing_is_told_with_the_labels_that_are_there() -> None:
    world = FakeWorld(
        service({"app": "wbe"}),
        pod("other", labels={"tier": "db"}),
        pod("p", labels={"app": "web", "pod-template-hash": "5d"}),
    )
    found = settled(world, "Service")
    assert found.outcome == "no"
    assert [dict(m.params) for m in found.messages] == [
        {"object": "Service/web", "selector": "app=wbe"},
        {"pod": "Pod/p", "labels": "app=web"},
    ]


def test_a_selector_that_a_workload_will_fit_waits() -> None:
    assert settled(FakeWorld(service(), deployment()), "Service").outcome == "not-yet"


def test_a_target_port_by_a_name_that_nobody_has_fails_at_once() -> None:
    world = FakeWorld(service(target="http"), pod("p"))
    found = settled(world, "Service")
    assert (found.outcome, said(found)) == ("no", {"endpoint-port"})


def test_services_that_need_no_pods() -> None:
    external = service()
    external["spec"]["type"] = "ExternalName"
    assert settled(FakeWorld(external), "Service").outcome == "yes"
    balancer = service()
    balancer["spec"]["type"] = "LoadBalancer"
    assert said(settled(FakeWorld(balancer), "Service")) == {"no-address"}
