from __future__ import annotations

import pytest

from k8slab.grading.expression_paths import paths, spelled, values
from k8slab.grading.expressions import ExpressionError, compiled, evaluate, matches

from .fake_world import NOW, FakeWorld, Grader, codes, deployment, pod, rolled_out, thing

HERE = {"object": lambda: {"spec": {"cpu": "500m", "n": 3, "list": [1, 5, 3], "ip": "10.0.0.7"}}}


def check(cel: str, of: str = "apiVersion: apps/v1, kind: Deployment, name: web") -> str:
    return f'- {{id: a, object: {{{of}}}, cel: "{cel}"}}'


@pytest.mark.parametrize(
    "expression",
    [
        "quantity('1Gi') == quantity('1024Mi')",
        "quantity(object.spec.cpu).isLessThan(quantity('1'))",
        "quantity('2').isGreaterThan(quantity('1999m'))",
        "quantity('1').compareTo(quantity('1000m')) == 0",
        "quantity('1').add(quantity('500m')) == quantity('1500m')",
        "quantity('1').sub(quantity('2')).sign() == -1",
        "quantity('4k').asInteger() == 4000 && quantity('4k').isInteger()",
        "quantity('1500m').asApproximateFloat() == 1.5",
        "quantity(1) == quantity('1') && quantity(0.5) == quantity('500m')",
        "isQuantity('5Mi') && !isQuantity('five')",
        "object.spec.list.sum() == 9 && object.spec.list.min() == 1 && object.spec.list.max() == 5",
        "!object.spec.list.isSorted()",
        "isIP(object.spec.ip) && cidr('10.0.0.0/8').containsIP(object.spec.ip)",
        "object.spec.?nope.orValue(1) == 1",
        "'a,b'.split(',').size() == 2",
        "math.greatest(1, 2) == 2",
    ],
)
def test_it_works(expression: str) -> None:
    assert evaluate(expression, HERE).true


@pytest.mark.parametrize(
    "expression", ["object.spec.nope == 1", "quantity(object.spec.ip).sign() == 1", "object.spec.n.startsWith('a')"]
)
def test_an_error_is_false_and_not_a_true_string(expression: str) -> None:
    answer = evaluate(expression, HERE)
    assert (answer.true, answer.broken) == (False, "")


def test_what_is_neither_true_nor_false_is_broken() -> None:
    assert evaluate("object.spec.n", HERE).broken


def test_a_loop_that_runs_away_is_stopped() -> None:
    many = {"objects": lambda: list(range(200))}
    assert evaluate("objects.all(a, objects.all(b, objects.all(c, true)))", many).broken


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("object.spec.", "line 1, column 13"),
        ("true &&\n nobody == 1", "line 2, column 2: undeclared reference"),
        ("1 + 1", "gives int"),
        ("", "line 1"),
    ],
)
def test_a_wrong_expression_is_told_with_its_place(expression: str, says: str) -> None:
    with pytest.raises(ExpressionError, match=says):
        compiled(expression)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("object.spec.replicas == 3", ["object.spec.replicas"]),
        (
            "object.c.exists(c, c.image.startsWith('x') && c.p.all(q, q.n == 1))",
            ["object.c[*].image", "object.c[*].p[*].n"],
        ),
        ("has(object.a.b) && object.?c['d/e'].orValue(1) == 1", ["object.a.b", "object.c.d/e"]),
        ("object.a[0].b == 'object.x'", ["object.a[*].b"]),
        ("objects.filter(o, o.x == vars.y).size() == 1", ["objects[*].x", "vars.y"]),
        ("size(objects) == 0", ["objects"]),
        ("{'object': 1}.size() == 1", []),
    ],
)
def test_it_knows_what_an_expression_looks_at(expression: str, found: list[str]) -> None:
    assert [spelled(path) for path in paths(expression)] == found


def test_values_run_over_lists_and_maps() -> None:
    assert values({"c": [{"n": 1}, {"m": 2}]}, ("c", "*", "n")) == [1, None]
    assert values({"c": {"x": {"n": 1}}}, ("c", "*", "n")) == [1]
    assert values({"c": 3}, ("c", "*", "n")) == []
    assert values({"c": 3}, ("c", "d", "e")) is None


def test_a_false_expression_shows_what_is_there_and_never_itself() -> None:
    cel = "object.spec.template.spec.containers.exists(c, c.image.startsWith('redis:'))"
    result = Grader(check(cel), rolled_out()).look()
    assert (result.verdict, codes(result)) == ("fail", ["expression-false"])
    (shown,) = result.differences
    assert (shown.path, shown.expected, shown.actual) == (
        "spec.template.spec.containers[*].image",
        None,
        ["nginx:1.14.0"],
    )
    assert "redis" not in repr(result)


@pytest.mark.parametrize(
    ("cel", "verdict"),
    [
        ("object.spec.replicas == 5", "fail"),
        ("object.status.readyReplicas == 5", "waiting"),
        ("object.spec.replicas == 5 || has(object.status.nope)", "waiting"),
        ("object.metadata.name == 'web'", "pass"),
        ("events.exists(e, e.reason == 'ScalingReplicaSet')", "waiting"),
        ("namespaceObject.metadata.labels.team == 'a'", "pass"),
        ("vars.x == 'y'", "pass"),
        ("object.spec.replicas", "error"),
    ],
)
def test_time_helps_only_where_the_cluster_writes(cel: str, verdict: str) -> None:
    assert Grader(check(cel), rolled_out(), x="y").look().verdict == verdict


PODS = "apiVersion: v1, kind: Pod, labels: {app: web}"


def test_objects_are_judged_together() -> None:
    assert Grader(check("objects.size() == 3", PODS), rolled_out()).look().verdict == "pass"
    assert Grader(check("objects.size() == 4", PODS), rolled_out()).look().verdict == "waiting"
    cel = "objects.all(o, o.status.phase == 'Failed')"
    result = Grader(check(cel, PODS), rolled_out()).look()
    assert [(d.path, d.actual) for d in result.differences] == [("status.phase", "Running")] * 3


def test_a_number_that_nobody_changes_any_more_fails_after_a_moment() -> None:
    settled = Grader(check("objects.size() == 4", PODS), rolled_out())
    assert settled.look().again_at == NOW + 3
    assert settled.look(after=3).verdict == "fail"
    moving = Grader(check("objects.size() == 4", PODS), rolled_out(wanted=4, ready=1))
    moving.world.objects.pop()
    assert moving.look(after=10).verdict == "waiting"


def test_an_expression_over_objects_may_want_none() -> None:
    assert Grader(check("objects.size() == 0", PODS), FakeWorld()).look().verdict == "pass"
    assert (
        Grader(check("objects.size() == 0", "apiVersion: v1, kind: Pod, name: p"), FakeWorld(pod("p"))).look().verdict
        == "waiting"
    )
    assert Grader(check("object.x == 0 && objects.size() == 0", PODS), FakeWorld()).look().verdict == "fail"


def test_objects_that_only_the_student_makes_are_not_waited_for() -> None:
    of = "apiVersion: v1, kind: ConfigMap"
    assert Grader(check("objects.size() == 2", of), FakeWorld(thing("v1", "ConfigMap", "c"))).look().verdict == "fail"


def test_values_of_the_student_cannot_end_the_quotes() -> None:
    cel = "object.metadata.name == '${name}'"
    assert Grader(check(cel), FakeWorld(deployment()), name="x' || 'a' == 'a").look().verdict == "fail"


def test_patterns_are_linear_in_time() -> None:
    assert matches("^Hello.*[0-9]$", "Hello 7")
    assert not matches("(a+)+$", "a" * 5000 + "b")
