"""Applying YAML as a student, against the embedded cluster: each outcome, each refusal at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from k8slab.kube.apply import Outcome, Rules, apply_documents
from k8slab.kube.client import Client
from k8slab.kube.documents import parse
from k8slab.kube.errors import Unavailable
from k8slab.kube.problems import CODES

from .canned import Handler, kubeconfig, serving

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: c
          image: nginx:1.14.0
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
    - port: 9090
"""


STUDENTS = Rules()


@pytest.fixture
def namespace(client: Client, namespace_name: str) -> str:
    client.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace_name}})
    return namespace_name


def apply(client: Client, namespace: str, text: str, rules: Rules = STUDENTS) -> list[Outcome]:
    parsed = parse(text)
    assert not parsed.problems
    outcomes = list(apply_documents(client, parsed.documents, namespace, rules))
    for problem in (problem for outcome in outcomes for problem in outcome.problems):
        assert set(problem.params) == set(CODES[problem.code]), problem
    return outcomes


def refused(client: Client, namespace: str, text: str) -> list[tuple[str, int]]:
    (outcome,) = apply(client, namespace, text)
    assert outcome.action == "failed"
    return [(problem.code, problem.line) for problem in outcome.problems]


def test_it_works(client: Client, namespace: str) -> None:
    both = f"{DEPLOYMENT}---\n{SERVICE}"
    first = apply(client, namespace, both)
    assert [(o.index, o.line, o.kind, o.name, o.action) for o in first] == [
        (0, 1, "Deployment", "web", "created"),
        (1, 17, "Service", "web", "created"),
    ]
    assert [o.action for o in apply(client, namespace, SERVICE)] == ["unchanged"]
    changed = apply(client, namespace, both.replace("9090", "9091"))
    assert changed[1].action == "configured"


def test_a_field_that_is_no_longer_said_is_removed(client: Client, namespace: str) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b, c: d}\n"
    apply(client, namespace, text)
    apply(client, namespace, text.replace(", c: d", ""))
    assert client.get("v1", "ConfigMap", "c", namespace)["data"] == {"a": "b"}


def test_what_kubectl_get_prints_can_be_handed_in_again(client: Client, namespace: str) -> None:
    apply(client, namespace, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n")
    metadata = client.get("v1", "ConfigMap", "c", namespace)["metadata"]
    pasted = (
        "apiVersion: v1\nkind: ConfigMap\ndata: {a: c}\nmetadata:\n  name: c\n"
        f"  uid: {metadata['uid']}\n  resourceVersion: '1'\n  creationTimestamp: {metadata['creationTimestamp']}\n"
        "  managedFields: [{manager: x}]\n"
    )
    assert [o.action for o in apply(client, namespace, pasted)] == ["configured"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("apps/v1", "extensions/v1beta1", ("old-api-version", 1)),
        ("kind: Deployment", "kind: Deploymant", ("unknown-kind", 2)),
        ("replicas:", "replica:", ("unknown-field", 6)),
        ("replicas: 3", "replicas: three", ("ill-typed", 6)),
        ("replicas: 3", "replicas: -1", ("invalid", 6)),
        ("image:", "imge:", ("unknown-field", 15)),
        ("name: web", "name: Web_1", ("invalid", 4)),
        ("name: web", "name: web\n  namespace: default", ("wrong-namespace", 5)),
        ("matchLabels: {app: web}", "matchLabels: {app: other}", ("invalid", 11)),
        ("image: nginx:1.14.0", "image: nginx\n          resources: {limits: {cpu: many}}", ("bad-quantity", 16)),
        ("image: nginx:1.14.0", "image: nginx\n          env: [{name: A, value: 1}]", ("ill-typed", 16)),
        ("image: nginx:1.14.0", "imagePullPolicy: Sometimes\n          image: nginx", ("not-supported", 15)),
        ("- name: c\n          image", "- image", ("required", 14)),
    ],
)
def test_each_mistake_is_told_at_its_line(
    client: Client, namespace: str, old: str, new: str, expected: tuple[str, int]
) -> None:
    assert expected in refused(client, namespace, DEPLOYMENT.replace(old, new, 1))
    assert client.find("apps/v1", "Deployment", "web", namespace) is None


def test_a_misspelt_field_is_told_what_was_meant(client: Client, namespace: str) -> None:
    (outcome,) = apply(client, namespace, DEPLOYMENT.replace("replicas:", "replica:"))
    assert outcome.problems[0].params == {"path": "spec.replica", "field": "replica", "suggestion": "replicas"}


def test_a_field_at_the_wrong_level_is_told_where_it_belongs(client: Client, namespace: str) -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  image: nginx\n  containers: [{name: c, image: x}]\n"
    )
    (outcome,) = apply(client, namespace, text)
    assert outcome.problems[0].params["suggestion"] == "spec.containers[].image"


def test_the_same_object_twice_is_applied_once(client: Client, namespace: str) -> None:
    first, second = apply(client, namespace, f"{SERVICE}---\n{SERVICE}")
    assert (first.action, second.action) == ("created", "failed")
    assert (second.problems[0].code, second.problems[0].params["first"]) == ("duplicate", 1)


def test_kinds_of_the_whole_cluster_are_refused_unless_allowed(client: Client, namespace: str) -> None:
    text = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {namespace}-2}}\n"
    assert refused(client, namespace, text) == [("cluster-scoped", 2)]
    assert [o.action for o in apply(client, namespace, text, Rules(cluster_scoped=None))] == ["created"]


def test_what_the_whole_cluster_sees_carries_the_namespaces_name(client: Client, namespace: str) -> None:
    rules = Rules(cluster_scoped=frozenset({"Namespace"}), prefixed=True)
    text = "apiVersion: v1\nkind: Namespace\nmetadata: {{name: {}}}\n---\n"
    text += "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c, namespace: {}}}\n"
    inside = f"{namespace}-in"
    assert [o.action for o in apply(client, namespace, text.format(inside, inside), rules)] == ["created", "created"]
    assert client.get("v1", "ConfigMap", "c", inside)
    first, second = apply(client, namespace, text.format("team", "team"), rules)
    assert [(o.problems[0].code, o.problems[0].line) for o in (first, second)] == [
        ("wrong-prefix", 3),
        ("wrong-namespace", 7),
    ]


def test_what_cannot_be_changed_is_told_as_such(client: Client, namespace: str) -> None:
    apply(client, namespace, DEPLOYMENT)
    assert ("immutable", 7) in refused(client, namespace, DEPLOYMENT.replace("app: web", "app: new"))


def test_a_student_without_rights_is_told_so(client: Client, namespace: str) -> None:
    assert refused(client.as_user("mina"), namespace, SERVICE) == [("forbidden", 2)]


def test_a_namespace_that_is_gone_is_told_so(client: Client) -> None:
    assert refused(client, "nowhere", SERVICE) == [("namespace-gone", 1)]


def test_one_wrong_object_does_not_stop_the_others(client: Client, namespace: str) -> None:
    outcomes = apply(client, namespace, f"{DEPLOYMENT.replace('image:', 'imge:')}---\n{SERVICE}")
    assert [outcome.action for outcome in outcomes] == ["failed", "created"]


def test_a_cluster_in_trouble_ends_it_after_telling(tmp_path: Path) -> None:
    def answer(handler: Handler) -> None:
        handler.json({"kind": "Status", "code": 503, "message": "etcd is away"}, 503)

    documents = parse(f"{DEPLOYMENT}---\n{SERVICE}").documents
    with serving(answer) as server:
        outcomes = apply_documents(Client.from_kubeconfig(kubeconfig(tmp_path, server.url)), documents, "lab")
        first = next(outcomes)
        assert (first.name, first.problems[0].code) == ("web", "cluster-unavailable")
        with pytest.raises(Unavailable):
            next(outcomes)
