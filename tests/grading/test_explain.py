from __future__ import annotations

from .fake_world import EARLIER, FakeWorld, Grader, Obj, crashing, pod, replica_set, rolled_out, service

SETTLED = "- {id: a, object: {apiVersion: apps/v1, kind: Deployment, name: web}, settled: true}"
LATER = "2027-01-15T07:59:00Z"


def explained(world: FakeWorld, text: str = SETTLED) -> list[tuple[str, str]]:
    return [(e.object, e.reason) for e in Grader(text, world).look().explanations]


def test_it_works() -> None:
    world = rolled_out(ready=2)
    world.event(world.get("ReplicaSet", "web-1"), "FailedCreate", 'pods "x" is forbidden: exceeded quota: lab')
    result = Grader(SETTLED, world).look()
    (said,) = result.explanations
    assert (said.source, said.object, said.reason) == ("event", "ReplicaSet/web-1", "FailedCreate")
    assert "exceeded quota" in said.message


def test_a_passed_check_needs_no_explanation() -> None:
    world = rolled_out()
    world.event(world.get("Pod", "web-1-0"), "Failed", "long ago")
    assert explained(world) == []


def test_the_crash_comes_before_the_back_off() -> None:
    world = rolled_out(ready=2)
    bad = crashing("web-1-9", world.get("ReplicaSet", "web-1"))
    world.objects = [o for o in world.objects if o["metadata"]["name"] != "web-1-2"] + [bad]
    world.event(bad, "BackOff", "Back-off restarting failed container main in pod web-1-9", at=LATER)
    found = Grader(SETTLED, world).look().explanations
    assert [(e.source, e.reason) for e in found] == [
        ("container", "Error"),
        ("container", "CrashLoopBackOff"),
        ("event", "BackOff"),
    ]
    assert found[0].message == "no config"


def pulling(name: str, owner: Obj) -> Obj:
    waiting = {"reason": "ImagePullBackOff", "message": 'Back-off pulling image "nginx:nope"'}
    return pod(name, owner, ready=False, containerStatuses=[{"name": "main", "state": {"waiting": waiting}}])


def test_three_pods_tell_the_same_story_once() -> None:
    top = rolled_out().get("Deployment")
    middle = replica_set("web-1", top, 3, 0)
    pods = [pulling(f"web-1-{n}", middle) for n in range(3)]
    world = FakeWorld(top, middle, *pods)
    top["status"]["readyReplicas"] = 0
    for one in pods:
        world.event(one, "Failed", 'Failed to pull image "nginx:nope": not found', times=2)
        world.event(one, "Failed", "Error: ErrImagePull", at=LATER)
    found = Grader(SETTLED, world).look().explanations
    assert [(e.reason, e.count) for e in found] == [("Failed", 6), ("ImagePullBackOff", 3), ("Failed", 3)]
    assert found[0].message.startswith("Failed to pull image")


def test_the_newest_of_equals_comes_first_and_five_are_enough() -> None:
    world = rolled_out(ready=2)
    bad = world.get("Pod", "web-1-2")
    for letter in "abcdefg":
        world.event(bad, f"Reason-{letter}", f"message {letter}", at=f"2027-01-15T07:00:0{ord(letter) - 96}Z")
    assert [reason for _, reason in explained(world)] == [f"Reason-{letter}" for letter in "gfedc"]


def test_pods_that_are_well_and_versions_of_the_past_keep_silent() -> None:
    world = rolled_out(ready=2)
    past = replica_set("web-0", world.get("Deployment"), wanted=0, ready=0, revision=0)
    world.objects.append(past)
    world.event(past, "FailedCreate", "long ago").event(world.get("Pod", "web-1-0"), "Unhealthy", "long ago")
    assert explained(world) == []


def test_events_of_other_objects_are_not_taken() -> None:
    world = rolled_out(ready=2)
    world.event(pod("stranger"), "Failed", "not ours")
    assert explained(world) == []


def test_conditions_speak_too() -> None:
    unscheduled = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes fit"}
    waiting = pod("p", ready=False, conditions=[unscheduled], containerStatuses=[])
    world = FakeWorld(waiting)
    world.event(waiting, "FailedScheduling", "0/3 nodes fit")
    text = "- {id: a, object: {apiVersion: v1, kind: Pod, name: p}, settled: true}"
    found = Grader(text, world).look().explanations
    assert [(e.source, e.reason, e.count) for e in found] == [("event", "FailedScheduling", 1)]
    world.happened = []
    assert [(e.source, e.reason) for e in Grader(text, world).look().explanations] == [("condition", "Unschedulable")]


def test_a_normal_story_is_told_where_there_is_no_cause() -> None:
    world = rolled_out(ready=2)
    world.event(world.get("Pod", "web-1-2"), "Pulling", "Pulling image", sort="Normal", at=EARLIER)
    assert explained(world) == [("Pod/web-1-2", "Pulling")]


def test_a_service_speaks_through_the_pods_that_it_selects() -> None:
    bad = crashing("p")
    world = FakeWorld(service(), bad)
    found = explained(world, "- {id: a, object: {apiVersion: v1, kind: Service, name: web}, settled: true}")
    assert ("Pod/p", "CrashLoopBackOff") in found


def test_what_is_missing_is_explained_by_who_should_make_it() -> None:
    owner = replica_set("web-1", wanted=3, ready=0)
    world = FakeWorld(owner).event(owner, "FailedCreate", "exceeded quota")
    assert explained(world, "- {id: a, object: {apiVersion: v1, kind: Pod, labels: {app: web}}}") == [
        ("ReplicaSet/web-1", "FailedCreate")
    ]
