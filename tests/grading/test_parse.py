from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from k8slab.grading.parse import parse_checks
from k8slab.grading.spec import Check, Disturb, Hint, ObjectRef, Probe, Text

FULL = """
- id: three-ready
  title: {en: Deployment web has 3 ready replicas, ko: 디플로이먼트 web}
  points: 2
  mode: edge
  object: {apiVersion: apps/v1, kind: Deployment, name: web}
  settled: true
  match: {spec: {replicas: 3}, status: {readyReplicas: 3}}
  cel: object.spec.template.spec.containers.exists(c, c.image.startsWith('nginx:'))
  probe: {from: client, http: 'http://web:9090/', expect: {status: 200, bodyContains: nginx}}
  disturb: {delete: {kind: Pod, labels: {app: web}, count: 1}}
  within: 1m30s
  because: {en: because, ko: 왜냐하면}
  reveal: false
  hints:
    - when: {event: FailedCreate, contains: exceeded quota}
      say: {en: quota, ko: 쿼터}
- id: after
  title: {en: a, ko: b}
  needs: [three-ready]
  cel: events.size() > 0
"""


def parse(text: str) -> tuple[tuple[Check, ...], dict[tuple[Any, ...], str]]:
    problems: dict[tuple[Any, ...], str] = {}
    found = parse_checks(yaml.safe_load(text), lambda path, message: problems.setdefault(path, message))
    return found, problems


def one(more: str) -> dict[tuple[Any, ...], str]:
    return parse(f"- {{id: a, title: {{en: a, ko: b}}, {more}}}")[1]


def test_it_works() -> None:
    (first, second), problems = parse(FULL)
    assert problems == {}
    assert first == Check(
        id="three-ready",
        title=Text("Deployment web has 3 ready replicas", "디플로이먼트 web"),
        points=2,
        mode="edge",
        object=ObjectRef("apps/v1", "Deployment", "web"),
        settled=True,
        match={"spec": {"replicas": 3}, "status": {"readyReplicas": 3}},
        cel="object.spec.template.spec.containers.exists(c, c.image.startsWith('nginx:'))",
        probe=Probe("client", "http", "http://web:9090/", {"status": (200,), "bodyContains": ("nginx",)}),
        disturb=Disturb(ObjectRef("v1", "Pod", None, {"app": "web"}), 1),
        within=90.0,
        because=Text("because", "왜냐하면"),
        hints=(Hint(Text("quota", "쿼터"), "FailedCreate", "exceeded quota"),),
        reveal=False,
    )
    assert (second.needs, second.within, second.points) == (("three-ready",), 30.0, 1)


POD = "object: {apiVersion: v1, kind: Pod, name: p}"


@pytest.mark.parametrize(
    ("more", "path", "says"),
    [
        ("settled: true", (0,), "expects nothing"),
        ("settled: true, cel: 'true'", (0, "settled"), "needs an object"),
        ("cel: object.a == 1", (0, "cel"), "looks at object"),
        (f"{POD}, colour: red", (0, "colour"), "unknown key"),
        (f"{POD}, within: 5", (0, "within"), "30s or 2m"),
        (f"{POD}, within: 0s", (0, "within"), "30s or 2m"),
        (f"{POD}, points: -1", (0, "points"), "from 0 to 100"),
        (f"{POD}, points: true", (0, "points"), "from 0 to 100"),
        (f"{POD}, mode: now", (0, "mode"), "level, edge"),
        (f"{POD}, match: {{}}", (0, "match"), "empty"),
        (f"{POD}, match: [1]", (0, "match"), "a list"),
        (f"{POD}, match: {{a: 2026-01-01}}", (0, "match", "a"), "JSON"),
        (f"{POD}, match: {{1: 2}}", (0, "match", "1"), "text"),
        (f"{POD}, cel: 'object.'", (0, "cel"), "line 1, column 8"),
        (f"{POD}, cel: '1 + 1'", (0, "cel"), "not true or false"),
        (f"{POD}, cel: namespace.metadata.name == 'a'", (0, "cel"), "namespaceObject"),
        (f"{POD}, needs: [b]", (0, "needs", 0), "no check with the id b"),
        (f"{POD}, needs: [a]", (0, "needs"), "needs itself"),
        (f"{POD}, needs: a", (0, "needs"), "should be a list"),
        ("object: {kind: Pod}", (0, "object"), "apiVersion is missing"),
        ("object: {apiVersion: v1, kind: Pod, name: p, labels: {a: b}}", (0, "object"), "both name and labels"),
        ("object: {apiVersion: v1, kind: Pod, name: p, any: true}", (0, "object", "any"), "no sense"),
        ("object: {apiVersion: v1, kind: Pod, labels: {}}", (0, "object", "labels"), "at least one"),
        (f"{POD}, disturb: {{delete: {{kind: Pod}}}}", (0, "disturb", "delete"), "just anything"),
        (f"{POD}, disturb: {{delete: {{kind: Odd, name: a}}}}", (0, "disturb", "delete"), "usual kinds"),
        (f"{POD}, disturb: {{}}", (0, "disturb"), "delete is missing"),
        ("probe: {from: c}", (0, "probe"), "exactly one"),
        ("probe: {from: c, http: 'http://a', dns: a}", (0, "probe"), "exactly one"),
        ("probe: {http: 'http://a'}", (0, "probe"), "from is missing"),
        ("probe: {from: c, http: 'web:80'}", (0, "probe", "http"), "http://"),
        ("probe: {from: c, exec: []}", (0, "probe", "exec"), "empty"),
        ("probe: {from: c, dns: a, expect: {status: 200}}", (0, "probe", "expect", "status"), "unknown key"),
        ("probe: {from: c, http: 'http://a', expect: {status: 99}}", (0, "probe", "expect", "status", 0), "100 to 599"),
        (
            "probe: {from: c, http: 'http://a', expect: {bodyMatches: '('}}",
            (0, "probe", "expect", "bodyMatches"),
            "RE2",
        ),
        (f"{POD}, hints: [{{when: {{event: a}}}}]", (0, "hints", 0), "say is missing"),
        (f"{POD}, hints: [{{when: {{}}, say: {{en: a, ko: b}}}}]", (0, "hints", 0, "when"), "always fits"),
        (f"{POD}, because: {{en: a}}", (0, "because"), "ko is missing"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(more: str, path: tuple[Any, ...], says: str) -> None:
    problems = one(more)
    assert says in problems[path]


def test_all_problems_are_told_at_once() -> None:
    problems = one("settled: 3, points: x, within: y, colour: z, cel: '('")
    assert set(problems) >= {(0, "settled"), (0, "points"), (0, "within"), (0, "colour"), (0, "cel")}


@pytest.mark.parametrize("text", ["", "3", "{}", "[]", "text"])
def test_no_list_of_checks(text: str) -> None:
    assert parse(text) == ((), {(): parse(text)[1][()]})


def test_ids_are_unique_labels() -> None:
    text = "- {id: a, title: {en: a, ko: b}, cel: 'true'}\n" * 2
    assert "exists already" in parse(text)[1][1, "id"]
    assert "lower-case" in parse(text.replace("id: a", "id: A_b"))[1][0, "id"]


def test_circles_are_found() -> None:
    text = "".join(
        f"- {{id: {a}, needs: [{b}], title: {{en: a, ko: b}}, cel: 'true'}}\n" for a, b in ["ab", "bc", "cb"]
    )
    problems = parse(text)[1]
    assert [path for path in problems if path[1] == "needs"] == [(1, "needs"), (2, "needs")]


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=10,
)
known = st.sampled_from(list(Check.__dataclass_fields__))


@given(st.lists(st.dictionaries(known, json, max_size=6) | json, max_size=3))
def test_it_never_raises(raw: Any) -> None:
    parse_checks(raw, lambda path, message: None)
