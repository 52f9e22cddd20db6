from __future__ import annotations

import json

import pytest

from k8slab.grading.engine import grade, looks_at, next_deadline

from .fake_world import NOW, FakeWorld, Grader, checks, codes, deployment, pod, rolled_out, thing

THREE_READY = """
- id: three-ready
  points: 2
  object: {apiVersion: apps/v1, kind: Deployment, name: web}
  settled: true
  match: {spec: {replicas: 3}, status: {readyReplicas: 3}}
"""
TWO = """
- id: replicas
  object: {apiVersion: apps/v1, kind: Deployment, name: web}
  settled: true
- id: after
  needs: [replicas]
  object: {apiVersion: v1, kind: ConfigMap, name: extra}
"""


def test_it_works() -> None:
    grader = Grader(THREE_READY, rolled_out())
    report = grader.report()
    assert (report.passed, report.decided, report.points) == (True, True, 2)
    assert report.results[0].decided_at == NOW
    assert report.results[0].resource_version == grader.world.get("Deployment")["metadata"]["resourceVersion"]


def test_a_rollout_waits_and_then_passes() -> None:
    grader = Grader(THREE_READY, rolled_out(ready=1))
    result = grader.look()
    assert (result.verdict, result.points, result.decided_at) == ("waiting", 0, None)
    assert {"rollout"} <= set(codes(result))
    rollout = next(m for m in result.messages if m.code == "rollout" and m.params["object"] == "Deployment/web")
    assert rollout.params == {"object": "Deployment/web", "ready": 1, "wanted": 3}
    grader.world = rolled_out()
    assert grader.look(after=5).verdict == "pass"


def test_a_rollout_that_never_ends_fails_at_the_deadline_and_may_still_pass_later() -> None:
    grader = Grader(THREE_READY, rolled_out(ready=1))
    first = grader.report()
    assert next_deadline(grader.checks, first, grader.since) == NOW + 30
    late = grader.look(after=30)
    assert late.verdict == "fail"
    assert codes(late)[0] == "timed-out"
    assert late.messages[0].params == {"seconds": 30}
    grader.world.objects = rolled_out().objects
    assert grader.look(after=100).verdict == "pass"


def test_a_wrong_value_that_only_the_student_can_change_fails_at_once() -> None:
    result = Grader(THREE_READY, rolled_out(wanted=2)).look()
    assert result.verdict == "fail"
    assert "timed-out" not in codes(result)
    shown = {d.path: (d.expected, d.actual, d.object) for d in result.differences}
    assert shown["spec.replicas"] == (3, 2, "Deployment/web")


def test_a_missing_object_of_the_student_fails_at_once() -> None:
    result = Grader(THREE_READY, FakeWorld()).look()
    assert (result.verdict, codes(result)) == ("fail", ["missing"])


def test_what_a_controller_makes_is_waited_for_while_there_is_such_a_controller() -> None:
    pods = "[{id: pods, object: {apiVersion: v1, kind: Pod, labels: {app: web}}}]"
    assert Grader(pods, FakeWorld()).look().verdict == "fail"
    result = Grader(pods, FakeWorld(deployment())).look()
    assert (result.verdict, codes(result)) == ("waiting", ["not-made-yet"])
    scaled_down = Grader(pods, FakeWorld(deployment(wanted=0))).look()
    assert scaled_down.verdict == "fail"


def test_a_pod_that_a_stateful_set_numbers_is_waited_for() -> None:
    named = "[{id: first, object: {apiVersion: v1, kind: Pod, name: db-1}}]"
    owner = thing("apps/v1", "StatefulSet", "db", spec={"replicas": 2})
    assert Grader(named, FakeWorld(owner)).look().verdict == "waiting"
    assert Grader(named.replace("db-1", "db-2"), FakeWorld(owner)).look().verdict == "fail"
    assert Grader(named.replace("db-1", "other"), FakeWorld(owner)).look().verdict == "fail"


def test_an_object_on_its_way_out_does_not_count() -> None:
    world = rolled_out()
    world.get("Deployment")["metadata"]["deletionTimestamp"] = "2027-01-15T08:00:00Z"
    result = Grader(THREE_READY, world).look()
    assert (result.verdict, codes(result)) == ("waiting", ["terminating"])


def test_a_check_waits_for_the_one_that_it_needs() -> None:
    grader = Grader(TWO, rolled_out(ready=0))
    result = grader.report().results[1]
    assert (result.verdict, codes(result)) == ("waiting", ["needs-waiting"])
    assert result.messages[0].params == {"check": "replicas"}


def test_a_check_fails_with_the_one_that_it_needs() -> None:
    result = Grader(TWO, FakeWorld()).report().results[1]
    assert (result.verdict, codes(result)) == ("fail", ["needs-failed"])
    assert result.decided_at == NOW


def test_patience_begins_when_the_needed_check_has_passed() -> None:
    text = TWO.replace("kind: ConfigMap, name: extra", "kind: Pod, labels: {app: late}")
    grader = Grader(text, rolled_out(ready=0))
    grader.report()
    maker = deployment("late")
    maker["spec"]["template"]["metadata"]["labels"] = {"app": "late"}
    grader.world.objects = [*rolled_out().objects, maker]
    assert [r.verdict for r in grader.report(after=29).results] == ["pass", "waiting"]
    assert [r.verdict for r in grader.report(after=29).results] == ["pass", "waiting"]
    assert [r.verdict for r in grader.report(after=1).results] == ["pass", "fail"]


def test_needs_may_stand_in_any_order() -> None:
    reordered = checks(TWO)[::-1]
    report, _ = grade(reordered, rolled_out(), {}, NOW, NOW, {})
    assert [r.id for r in report.results] == ["after", "replicas"]
    assert report.results[0].verdict == "fail"
    assert codes(report.results[0]) == ["missing"]


def test_level_holds_now_and_edge_happened_once() -> None:
    both = """
    - {id: now, mode: level, object: {apiVersion: v1, kind: Pod, name: p}}
    - {id: once, mode: edge, object: {apiVersion: v1, kind: Pod, name: p}, points: 3}
    """
    grader = Grader(both, FakeWorld(pod("p")))
    grader.report()
    grader.world.objects = []
    grader.submit()
    report = grader.report(after=60)
    assert [r.verdict for r in report.results] == ["fail", "pass"]
    assert (report.results[1].points, report.results[1].decided_at) == (3, NOW)


def test_a_passed_check_that_starts_to_converge_again_gets_new_patience() -> None:
    grader = Grader(THREE_READY, rolled_out())
    assert grader.look().verdict == "pass"
    grader.world = rolled_out(ready=2)
    assert grader.look(after=500).verdict == "waiting"
    assert grader.look(after=29).verdict == "waiting"


def test_a_changed_object_gets_new_patience() -> None:
    grader = Grader(THREE_READY, rolled_out(ready=2))
    grader.look()
    assert grader.look(after=40).verdict == "fail"
    grader.world.get("Deployment")["metadata"]["generation"] = 2
    result = grader.look(after=40)
    assert (result.verdict, codes(result)) == ("waiting", ["differs", "not-observed"])


def test_a_new_submission_gets_new_patience_and_is_decided_anew() -> None:
    grader = Grader(THREE_READY, FakeWorld())
    assert grader.look().decided_at == NOW
    assert grader.look(after=3).decided_at == NOW
    grader.submit()
    assert grader.look(after=1).decided_at == NOW + 4


@pytest.mark.parametrize("broken", ["everything", "Deployment", "Pod"])
def test_a_cluster_that_does_not_answer_is_no_wrong_answer(broken: str) -> None:
    grader = Grader(THREE_READY, rolled_out())
    grader.world.broken = broken
    report = grader.report()
    assert report.results[0].verdict == "error"
    assert codes(report.results[0]) == ["cluster-error"]
    assert report.decided
    assert next_deadline(grader.checks, report, grader.since) == NOW + 1
    grader.world.broken = ""
    assert grader.look().verdict == "pass"


def test_a_cluster_that_stays_away_is_asked_more_and_more_seldom() -> None:
    grader = Grader(THREE_READY, rolled_out())
    grader.world.broken = "everything"
    report = grader.report(after=40)
    assert next_deadline(grader.checks, report, grader.since) == grader.now + 10
    report = grader.report(after=4000)
    assert next_deadline(grader.checks, report, grader.since) == grader.now + 30


def test_a_check_that_is_broken_is_not_asked_again() -> None:
    text = "- {id: a, object: {apiVersion: apps/v1, kind: Deployment, name: web}, cel: object.spec.replicas}"
    grader = Grader(text, rolled_out())
    report = grader.report(after=100)
    assert codes(report.results[0]) == ["check-broken"]
    assert next_deadline(grader.checks, report, grader.since) is None


def test_only_the_check_concerned_has_the_error() -> None:
    text = THREE_READY + "\n- {id: other, object: {apiVersion: v1, kind: Secret, name: s}}"
    grader = Grader(text, rolled_out())
    grader.world.broken = "Secret"
    assert [r.verdict for r in grader.report().results] == ["pass", "error"]


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"metadata": None, "spec": None, "status": None},
        {"metadata": {"name": "web", "generation": "x", "labels": []}, "spec": {"replicas": "3"}, "status": "odd"},
        {"metadata": {"name": "web", "ownerReferences": [None, 3]}, "spec": {"selector": 3, "ports": "x"}},
        {"metadata": {"name": "web"}, "status": {"conditions": [None], "containerStatuses": {"a": 1}}},
    ],
)
def test_odd_objects_never_make_it_raise(odd: dict[str, object]) -> None:
    kinds = [("apps/v1", "Deployment"), ("v1", "Pod"), ("v1", "Service"), ("batch/v1", "Job")]
    for version, kind in kinds:
        world = FakeWorld({"apiVersion": version, "kind": kind, **odd}, *rolled_out().objects)
        world.happened = [{}, {"involvedObject": None, "message": 3}]
        spec = f"- {{id: a, object: {{apiVersion: {version}, kind: {kind}}}, settled: true, match: {{spec: {{a: 1}}}}}}"
        assert Grader(spec, world).look().verdict in ("pass", "fail", "waiting")


@pytest.mark.parametrize("memory", [{}, {"checks": 3}, {"checks": {"three-ready": 3}}, {"checks": {"gone": {"a": 1}}}])
def test_odd_memory_never_makes_it_raise(memory: dict[str, object]) -> None:
    report, written = grade(checks(THREE_READY), rolled_out(), memory, NOW, NOW, {})
    assert report.passed
    assert list(written["checks"]) == ["three-ready"]


def test_the_memory_survives_json() -> None:
    grader = Grader(THREE_READY + TWO, rolled_out(ready=1))
    for _ in range(3):
        grader.report(after=1)
        assert json.loads(json.dumps(grader.memory)) == grader.memory


def test_each_kind_is_read_once() -> None:
    grader = Grader(THREE_READY + TWO, rolled_out(ready=1))
    grader.report()
    assert len(grader.world.read) == len(set(grader.world.read))


def test_it_says_what_it_looks_at() -> None:
    found = looks_at(checks(THREE_READY))
    assert found >= {("apps/v1", "Deployment"), ("apps/v1", "ReplicaSet"), ("v1", "Pod"), ("v1", "Event")}
    asks = "- {id: a, probe: {from: client, http: 'http://web/'}}"
    assert looks_at(checks(asks)) >= {("discovery.k8s.io/v1", "EndpointSlice"), ("v1", "Service")}
    of_labels = "- {id: a, object: {apiVersion: v1, kind: Pod, labels: {a: b}}}"
    assert ("apps/v1", "Deployment") in looks_at(checks(of_labels))


def test_it_looks_at_all_that_it_reads() -> None:
    """What is read and not watched would change a verdict behind everybody's back."""
    for world in (rolled_out(ready=1), FakeWorld()):
        grader = Grader(THREE_READY, world)
        grader.report()
        assert set(world.read) <= looks_at(grader.checks) | {("autoscaling/v2", "HorizontalPodAutoscaler")}


def test_values_of_the_student_go_into_every_part() -> None:
    text = """
    - id: a
      object: {apiVersion: apps/v1, kind: Deployment, name: '${name}'}
      match: {metadata: {name: '${name}'}}
      cel: object.metadata.name == vars.name && object.metadata.name == '${name}'
      probe: {from: client, http: 'http://${name}:80/', expect: {bodyContains: '${name}'}}
    """
    world = FakeWorld(*rolled_out().objects, pod("client", labels={}))
    world.answers["http://web:80/"] = {"status": 200, "body": "I am web"}
    assert Grader(text, world, name="web").look().verdict == "pass"


def test_nothing_waits_when_all_is_decided() -> None:
    grader = Grader(THREE_READY, rolled_out())
    assert next_deadline(grader.checks, grader.report(), grader.since) is None
