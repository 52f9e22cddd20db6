"""PodDisruptionBudget and eviction; PriorityClass; Lease."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from k8slab.kube.errors import Conflict, Forbidden, Invalid, KubeError
from tests.parity.manifests import BUSYBOX, FOREVER, Obj, container, deployment, pod
from tests.parity.space import Space
from tests.parity.waiting import eventually

QUIET = container("c", BUSYBOX, command=FOREVER)


def budget(**spec: object) -> Obj:
    body = {"selector": {"matchLabels": {"app": "web"}}, **spec}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "keep"}, "spec": body}


def evict(space: Space, name: str) -> None:
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": space.name}}
    space.client.connection.json("POST", f"/api/v1/namespaces/{space.name}/pods/{name}/eviction", body=body, timeout=10)


def test_a_budget_counts_and_protects(space: Space) -> None:
    space.create(deployment("web", QUIET, replicas=2))
    first, second = space.ready_pods("app=web", 2)
    space.create(budget(minAvailable=2))
    status = eventually(lambda: space.get("PodDisruptionBudget", "keep").get("status", {}).get("expectedPods") == 2)
    assert status
    eventually(lambda: space.get("PodDisruptionBudget", "keep")["status"]["currentHealthy"] == 2)
    found = space.get("PodDisruptionBudget", "keep")["status"]
    assert (found["desiredHealthy"], found["disruptionsAllowed"]) == (2, 0)
    with pytest.raises(KubeError) as refused:
        evict(space, first["metadata"]["name"])
    assert refused.value.code == 429
    assert refused.value.message == "Cannot evict pod as it would violate the pod's disruption budget."
    (cause,) = refused.value.causes
    assert cause.message == "The disruption budget keep needs 2 healthy pods and has 2 currently"
    space.patch("PodDisruptionBudget", "keep", {"spec": {"minAvailable": 1}})
    eventually(lambda: space.get("PodDisruptionBudget", "keep")["status"]["disruptionsAllowed"] == 1)
    evict(space, second["metadata"]["name"])
    space.gone("Pod", second["metadata"]["name"])


def test_a_budget_says_one_thing(space: Space) -> None:
    with pytest.raises(Invalid, match="minAvailable and maxUnavailable cannot be both set"):
        space.create(budget(minAvailable=1, maxUnavailable=1))


@pytest.fixture
def priority(space: Space) -> Iterator[str]:
    body = {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": space.name},
        "value": 1000,
        "preemptionPolicy": "Never",
    }
    space.client.create(body)
    yield space.name
    space.client.delete("scheduling.k8s.io/v1", "PriorityClass", space.name)


def test_a_pod_takes_the_number_of_its_class(space: Space, priority: str) -> None:
    made = eventually(lambda: space.create(pod("web", QUIET, priorityClassName=priority)))
    assert (made["spec"]["priority"], made["spec"]["preemptionPolicy"]) == (1000, "Never")
    with pytest.raises(Invalid) as refused:
        space.client.patch("scheduling.k8s.io/v1", "PriorityClass", priority, None, {"value": 5})
    assert refused.value.causes[0].message == "Forbidden: may not be changed in an update."


def test_an_unknown_class_is_forbidden(space: Space) -> None:
    with pytest.raises(Forbidden, match="no PriorityClass with name nobody was found"):
        space.create(pod("web", QUIET, priorityClassName="nobody"))


def test_of_two_that_renew_a_lease_one_wins(space: Space) -> None:
    spec = {"holderIdentity": "a", "leaseDurationSeconds": 15}
    space.create({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "lead"}, "spec": spec})
    seen = space.get("Lease", "lead")
    version = {"metadata": {"resourceVersion": seen["metadata"]["resourceVersion"]}}
    space.patch("Lease", "lead", {**version, "spec": {"holderIdentity": "b"}})
    with pytest.raises(Conflict, match="the object has been modified"):
        space.patch("Lease", "lead", {**version, "spec": {"holderIdentity": "c"}})
    with pytest.raises(Invalid, match="must be greater than 0"):
        space.patch("Lease", "lead", {"spec": {"leaseDurationSeconds": 0}})
