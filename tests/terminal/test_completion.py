"""Tab: what is offered where."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from k8slab.kube.client import Client
from k8slab.kube.errors import Unavailable
from k8slab.terminal.completion import complete
from k8slab.terminal.session import Session

from .conftest import Kubectl


@pytest.fixture
def offered(run: Kubectl) -> Callable[[str], list[str]]:
    session = Session(1, run.namespace, lambda: run.client)
    session.files.take({"web.yaml": "", "work.yaml": ""})
    return lambda line: complete(session, line).words


def test_it_works(offered: Callable[[str], list[str]]) -> None:
    assert offered("kub") == ["kubectl"]
    assert offered("kubectl cre") == ["create"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("k ge", ["get"]),
        ("kubectl create names", ["namespace"]),
        ("kubectl get deployments.ap", []),
        ("kubectl get deploymen", ["deployments"]),
        ("kubectl get pods --show-l", ["--show-labels"]),
        ("kubectl get pods -o ya", ["yaml"]),
        ("kubectl get pods --output=js", ["--output=json", "--output=jsonpath="]),
        ("kubectl apply -f we", ["web.yaml"]),
        ("cat w", ["web.yaml", "work.yaml"]),
        ("kubectl get pods > wo", ["work.yaml"]),
        ("kubectl get pods | gre", ["grep"]),
        ("echo a; kubectl ap", ["api-resources", "api-versions", "apply"]),
        ("kubectl exec 'a", []),
        ("X=1 kubectl appl", ["apply"]),
        ("watch kubectl get deploymen", ["deployments"]),
        ("nothing-like-it ", ["web.yaml", "work.yaml"]),
        ("kubectl nothing-like-it ", []),
        ("kubectl exec web -- l", []),
    ],
)
def test_words(offered: Callable[[str], list[str]], line: str, words: list[str]) -> None:
    assert [word for word in offered(line) if word not in ("api-resources", "api-versions")] == [
        word for word in words if word not in ("api-resources", "api-versions")
    ]


def test_names_containers_and_pods_of_the_namespace(run: Kubectl, offered: Callable[[str], list[str]]) -> None:
    run.ok("run web-one --image=nginx")
    run.ok("run web-two --image=nginx")
    assert offered("kubectl get pods we") == ["web-one", "web-two"]
    assert offered("kubectl get pods web-one we") == ["web-two"]
    assert offered("kubectl get pod/web-o") == ["pod/web-one"]
    assert offered("kubectl logs web-t") == ["web-two"]
    assert offered("kubectl logs web-two -c ") == ["web-two"]
    assert offered("kubectl exec -it web-t") == ["web-two"]
    assert offered("kubectl delete po web-") == ["web-one", "web-two"]
    assert offered("kubectl get pods -n nowhere web") == []
    assert offered(f"kubectl get pods -n {run.namespace} web-o") == ["web-one"]


def test_where_the_word_begins(run: Kubectl) -> None:
    session = Session(1, run.namespace, lambda: run.client)
    assert complete(session, "echo x | gr").start == 9
    assert complete(session, "kubectl get pods -o ya").start == 20
    assert complete(session, "x" * 10_000).words == []


def test_without_a_cluster_nothing_is_offered() -> None:
    def nowhere() -> Client:
        raise Unavailable("there is no cluster yet")

    assert complete(Session(1, "lab-mina", nowhere), "kubectl get po").words == []
