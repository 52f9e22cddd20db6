from __future__ import annotations

import json

import pytest

from .fake_world import EARLIER, NOW, FakeWorld, Grader, codes, pod, replica_set

HEALS = """
- id: heals
  object: {apiVersion: apps/v1, kind: ReplicaSet, name: web-1}
  settled: true
  disturb: {delete: {kind: Pod, labels: {app: web}, count: 1}}
"""


def kept(ready: int = 3) -> FakeWorld:
    owner = replica_set("web-1", wanted=3, ready=ready)
    return FakeWorld(owner, *(pod(f"web-1-{n}", owner, ready=n < ready) for n in range(3)))


def heal(world: FakeWorld, name: str = "web-1-new", ready: bool = True) -> None:
    world.objects.append(pod(name, world.get("ReplicaSet", "web-1"), ready=ready))


def test_it_works() -> None:
    grader = Grader(HEALS, kept())
    first = grader.look()
    assert first.verdict == "waiting"
    assert grader.world.deleted == ["web-1-0"]
    assert first.messages[-1].params == {"count": 1, "kind": "Pod", "back": 2, "wanted": 3}
    heal(grader.world)
    assert grader.look(after=1).verdict == "pass"
    assert json.loads(json.dumps(grader.memory)) == grader.memory


def test_nothing_is_deleted_before_all_else_holds() -> None:
    grader = Grader(HEALS, kept(ready=2))
    assert grader.look().verdict == "waiting"
    assert grader.world.deleted == []


def test_it_deletes_once() -> None:
    grader = Grader(HEALS, kept())
    for _ in range(5):
        grader.look(after=1)
    heal(grader.world)
    for _ in range(5):
        assert grader.look(after=1).verdict == "pass"
    assert grader.world.deleted == ["web-1-0"]


def test_it_waits_until_the_new_one_is_ready() -> None:
    grader = Grader(HEALS, kept())
    grader.look()
    heal(grader.world, ready=False)
    result = grader.look(after=1)
    assert (result.verdict, "disturbed-waiting" in codes(result)) == ("waiting", True)


def test_a_pod_that_lingers_is_not_gone() -> None:
    grader = Grader(HEALS, kept())
    lingering = {**grader.world.get("Pod", "web-1-0")}
    grader.look()
    heal(grader.world)
    lingering["metadata"] = {**lingering["metadata"], "deletionTimestamp": EARLIER, "ownerReferences": []}
    grader.world.objects.append(lingering)
    assert grader.look(after=1).verdict == "waiting"


def test_what_never_comes_back_fails_after_the_deletions_own_deadline() -> None:
    grader = Grader(HEALS, kept(ready=2))
    grader.look()
    grader.world.objects = kept().objects
    grader.look(after=20)
    assert grader.world.deleted == ["web-1-0"]
    assert grader.look(after=29).verdict == "waiting"
    late = grader.look(after=1)
    assert (late.verdict, codes(late)[0]) == ("fail", "timed-out")


def test_other_checks_get_new_patience_after_a_deletion() -> None:
    other = "- {id: three, object: {apiVersion: apps/v1, kind: ReplicaSet, name: web-1}, settled: true, within: 5s}\n"
    grader = Grader(other + HEALS, kept())
    grader.look()
    grader.world.get("ReplicaSet", "web-1")["status"]["readyReplicas"] = 2
    assert [r.verdict for r in grader.report(after=3).results] == ["waiting", "waiting"]


def test_a_state_that_looks_final_is_waited_for_while_the_deletion_heals() -> None:
    text = HEALS.replace("settled: true", "cel: objects.size() == 1 && object.metadata.labels.app == 'web'")
    grader = Grader(text, kept())
    grader.look()
    grader.world.get("ReplicaSet", "web-1")["metadata"]["labels"] = {}
    assert grader.look(after=1).verdict == "waiting"


def test_a_pod_that_nobody_keeps_is_left_alone() -> None:
    text = "- {id: a, object: {apiVersion: v1, kind: Pod, name: p}, disturb: {delete: {kind: Pod, labels: {app: web}}}}"
    world = FakeWorld(pod("p"))
    result = Grader(text, world).look()
    assert (result.verdict, codes(result), world.deleted) == ("fail", ["disturb-unowned"], [])


def test_too_few_are_waited_for() -> None:
    grader = Grader(HEALS.replace("count: 1", "count: 4"), kept())
    assert codes(grader.look()) == ["disturb-too-few"]
    assert grader.world.deleted == []


def test_a_new_submission_of_the_same_objects_is_not_disturbed_again() -> None:
    grader = Grader(HEALS, kept())
    grader.look()
    heal(grader.world)
    grader.look(after=1)
    grader.submit()
    assert grader.look(after=1).verdict == "pass"
    assert len(grader.world.deleted) == 1


def test_objects_that_replace_them_are_disturbed_too() -> None:
    grader = Grader(HEALS, kept())
    grader.look()
    heal(grader.world)
    grader.look(after=1)
    grader.world.objects = kept().objects
    assert grader.look(after=1).verdict == "waiting"
    assert len(grader.world.deleted) == 2


def test_after_a_failure_a_new_submission_is_disturbed_anew() -> None:
    grader = Grader(HEALS, kept())
    grader.look()
    assert grader.look(after=31).verdict == "fail"
    heal(grader.world)
    grader.submit()
    grader.look(after=1)
    assert len(grader.world.deleted) == 2


def test_a_deletion_that_fails_is_an_error_and_tried_again() -> None:
    grader = Grader(HEALS, kept())
    grader.world.refuses_to_delete = {"web-1-0"}
    assert grader.look().verdict == "error"
    grader.world.refuses_to_delete = set()
    assert grader.look(after=1).verdict == "waiting"
    assert grader.world.deleted == ["web-1-0"]


def test_half_a_deletion_is_remembered() -> None:
    grader = Grader(HEALS.replace("count: 1", "count: 2"), kept())
    grader.world.refuses_to_delete = {"web-1-1"}
    assert grader.look().verdict == "waiting"
    heal(grader.world)
    assert grader.look(after=1).verdict == "pass"
    assert grader.world.deleted == ["web-1-0"]


@pytest.mark.parametrize("noted", [3, {}, {"uids": None}, {"since": NOW, "wanted": "x", "uids": 5}])
def test_odd_notes_of_a_deletion_never_make_it_raise(noted: object) -> None:
    grader = Grader(HEALS, kept())
    grader.memory = {"checks": {"heals": {"disturbed": noted}}}
    assert grader.look().verdict in ("waiting", "pass")
