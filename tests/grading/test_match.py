from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8slab.grading.matching import gaps, spell

from .fake_world import FakeWorld, Grader, deployment, pod, replica_set, rolled_out, thing

CONTAINERS = [{"name": "web", "image": "nginx:1", "args": ["a", "b"]}, {"name": "log", "image": "busybox"}]


def paths(expected: Any, actual: Any) -> list[str]:
    return [spell(gap.path) for gap in gaps(expected, actual)]


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1}, {"a": 1.0}),
        ({"a": None}, {"b": 1}),
        ({"a": {}}, {"a": {"b": 1}}),
        ({"a": {"b": None}}, {}),
        ({"a": []}, {}),
        ({"a": []}, {"a": []}),
        ({"a": ["y"]}, {"a": ["x", "y"]}),
        ({"c": [{"image": "busybox"}, {"name": "web"}]}, {"c": CONTAINERS}),
        (
            {"resources": {"limits": {"cpu": "500m", "memory": "1Gi"}}},
            {"resources": {"limits": {"cpu": "0.5", "memory": "1024Mi"}}},
        ),
        ({"resources": {"requests": {"cpu": 1}}}, {"resources": {"requests": {"cpu": "1000m"}}}),
        ({"hard": {"pods": "10"}}, {"hard": {"pods": 10}}),
    ],
)
def test_it_works(expected: Any, actual: Any) -> None:
    assert gaps(expected, actual) == []


@pytest.mark.parametrize(
    ("expected", "actual", "where"),
    [
        ({"a": 1}, {"a": 2}, ["a"]),
        ({"a": 1}, {}, ["a"]),
        ({"a": {"b": 1}}, {}, ["a.b"]),
        ({"a": {"b": 1}}, {"a": "text"}, ["a"]),
        ({"a": True}, {"a": 1}, ["a"]),
        ({"a": 80}, {"a": "80"}, ["a"]),
        ({"a": "1Gi"}, {"a": "1024Mi"}, ["a"]),  # amounts only where amounts stand
        ({"a": None}, {"a": 0}, ["a"]),
        ({"a": {}}, {}, ["a"]),
        ({"a": []}, {"a": [1]}, ["a"]),
        ({"a": ["z"]}, {"a": ["x"]}, ["a"]),
        ({"a": ["x", "x"]}, {"a": ["x"]}, ["a"]),
        ({"a": [1]}, {"a": {"0": 1}}, ["a"]),
        ({"c": [{"name": "web", "image": "nginx:2"}]}, {"c": CONTAINERS}, ["c[0].image"]),
        ({"c": [{"name": "db", "image": "redis"}]}, {"c": CONTAINERS}, ["c[name=db]"]),
        ({"c": [{"image": "redis"}]}, {"c": CONTAINERS}, ["c[0].image"]),
        ({"c": [{"name": "web", "args": ["c"]}]}, {"c": CONTAINERS}, ["c[0].args"]),
        ({"m": {"annotations": {"a.b/c": "x"}}}, {"m": {}}, ["m.annotations[a.b/c]"]),
        ({"resources": {"limits": {"cpu": "1"}}}, {"resources": {"limits": {"cpu": "2"}}}, ["resources.limits.cpu"]),
    ],
)
def test_it_says_where_they_differ(expected: Any, actual: Any, where: list[str]) -> None:
    assert paths(expected, actual) == where


def test_two_that_fit_the_same_element_find_their_own() -> None:
    """Greedy would give `web` to the first and leave nothing for the second."""
    expected = {"c": [{"image": "nginx:1"}, {"name": "web", "image": "nginx:1"}]}
    actual = {"c": [{"name": "web", "image": "nginx:1"}, {"name": "two", "image": "nginx:1"}]}
    assert gaps(expected, actual) == []


scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["a", "b", "1Gi", ""])
keys = st.sampled_from(["name", "image", "port", "limits", "x"])
objects = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=20
)


@st.composite
def parts(draw: st.DrawFn, whole: Any) -> Any:
    """A part of an object: fewer keys, fewer elements in any order, never emptied (empty has a meaning of its own)."""
    if isinstance(whole, dict) and whole:
        chosen = draw(st.sets(st.sampled_from(sorted(whole)), min_size=1))
        return {key: draw(parts(whole[key])) for key in sorted(chosen)}
    if isinstance(whole, list) and whole:
        places = draw(st.permutations(range(len(whole))))[: draw(st.integers(1, len(whole)))]
        return [draw(parts(whole[place])) for place in places]
    return whole


@given(st.data())
def test_every_part_of_an_object_matches_it(data: st.DataObject) -> None:
    whole = data.draw(objects)
    assert gaps(data.draw(parts(whole)), whole) == []


@given(objects, objects)
def test_odd_data_never_makes_it_raise(expected: Any, actual: Any) -> None:
    for gap in gaps(expected, actual):
        spell(gap.path)


IMAGE = """
- id: a
  object: {apiVersion: v1, kind: Pod, labels: {app: web}}
  match: {spec: {containers: [{image: 'nginx:2'}]}}
"""


def test_pods_of_a_rollout_that_goes_on_may_still_come_right() -> None:
    assert Grader(IMAGE, rolled_out(ready=1)).look().verdict == "waiting"
    assert Grader(IMAGE, rolled_out()).look().verdict == "fail"


def test_every_object_has_to_fit_and_any_needs_but_one() -> None:
    two = FakeWorld(pod("a"), pod("b", labels={"app": "web", "x": "y"}))
    text = """
    - id: a
      object: {apiVersion: v1, kind: Pod, labels: {app: web}, any: ANY}
      match: {metadata: {labels: {x: y}}}
    """
    result = Grader(text.replace("ANY", "false"), two).look()
    assert (result.verdict, [d.object for d in result.differences]) == ("fail", ["Pod/a"])
    assert Grader(text.replace("ANY", "true"), two).look().verdict == "pass"


def test_the_nearest_object_speaks_when_none_fits() -> None:
    far, near = pod("far", labels={}), pod("near", labels={"x": "y"})
    text = "- {id: a, object: {apiVersion: v1, kind: Pod, any: true}, match: {metadata: {labels: {x: y, z: '1'}}}}"
    result = Grader(text, FakeWorld(far, near)).look()
    assert [(d.object, d.path) for d in result.differences] == [("Pod/near", "metadata.labels.z")]


def test_what_is_expected_can_be_kept_back() -> None:
    text = """
    - id: a
      reveal: false
      object: {apiVersion: apps/v1, kind: Deployment, name: web}
      match: {spec: {replicas: 5}, status: {readyReplicas: 5}}
    """
    result = Grader(text, rolled_out()).look()
    assert {d.path: d.expected for d in result.differences} == {"spec.replicas": None, "status.readyReplicas": 5}


def test_fields_that_the_cluster_fills_in_are_waited_for() -> None:
    text = "- {id: a, object: {apiVersion: v1, kind: Pod, name: p}, match: {spec: {nodeName: node-1}}}"
    assert Grader(text, FakeWorld(pod("p"))).look().verdict == "waiting"
    done = pod("p", phase="Failed")
    status = "- {id: a, object: {apiVersion: v1, kind: Pod, name: p}, match: {status: {phase: Succeeded}}}"
    assert Grader(status, FakeWorld(done)).look().verdict == "fail"


def test_a_scaled_workload_may_still_change_its_replicas() -> None:
    text = "- {id: a, object: {apiVersion: apps/v1, kind: Deployment, name: web}, match: {spec: {replicas: 5}}}"
    target = {"scaleTargetRef": {"kind": "Deployment", "name": "web"}}
    scaler = thing("autoscaling/v2", "HorizontalPodAutoscaler", "h", spec=target)
    assert Grader(text, FakeWorld(deployment(), scaler)).look().verdict == "waiting"
    assert Grader(text, FakeWorld(deployment())).look().verdict == "fail"


def test_large_values_are_cut() -> None:
    text = "- {id: a, object: {apiVersion: v1, kind: ConfigMap, name: c}, match: {data: {k: v}}}"
    result = Grader(text, FakeWorld(thing("v1", "ConfigMap", "c", data={"k": "x" * 9999}))).look()
    assert len(result.differences[0].actual) < 400


def test_a_released_pod_and_two_owned_ones() -> None:
    """The label experiment: one pod let go, another made in its place."""
    rs = replica_set("web", wanted=2, ready=2)
    free = pod("free", labels={"service": "example"})
    text = """
    - id: a
      object: {apiVersion: v1, kind: Pod, any: true, labels: {service: example}}
      match: {metadata: {labels: {app: null}, ownerReferences: null}}
    """
    assert Grader(text, FakeWorld(rs, pod("x", rs), pod("y", rs), free)).look().verdict == "pass"
