"""Pod Security: the namespace's labels decide what a pod may ask for."""

from __future__ import annotations

import pytest

from k8slab.kube.errors import Forbidden
from tests.parity.manifests import container, deployment, pod
from tests.parity.space import Space, condition
from tests.parity.waiting import eventually

SAFE = {
    "allowPrivilegeEscalation": False,
    "runAsNonRoot": True,
    "runAsUser": 1000,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}


def enforce(space: Space, level: str) -> None:
    labels = {"pod-security.kubernetes.io/enforce": level}
    space.client.patch("v1", "Namespace", space.name, None, {"metadata": {"labels": labels}})


def test_baseline_refuses_privilege(space: Space) -> None:
    enforce(space, "baseline")
    with pytest.raises(Forbidden) as refused:
        space.create(pod("strong", container(securityContext={"privileged": True})))
    assert refused.value.message == (
        'pods "strong" is forbidden: violates PodSecurity "baseline:latest": privileged '
        '(container "c" must not set securityContext.privileged=true)'
    )
    space.create(pod("plain"))


def test_restricted_wants_it_said(space: Space) -> None:
    enforce(space, "restricted")
    with pytest.raises(Forbidden) as refused:
        space.create(pod("plain"))
    for part in (
        "allowPrivilegeEscalation != false",
        "unrestricted capabilities",
        "runAsNonRoot != true",
        "seccompProfile",
    ):
        assert part in refused.value.message
    space.create(pod("safe", container(securityContext=SAFE)))


def test_a_deployment_is_stored_and_its_pods_are_refused(space: Space) -> None:
    enforce(space, "baseline")
    space.create(deployment("web", container(securityContext={"privileged": True}), replicas=1))
    failure = eventually(lambda: condition(space.get("Deployment", "web"), "ReplicaFailure"))
    assert "violates PodSecurity" in failure["message"]
    (replica_set,) = space.all("ReplicaSet")
    assert "violates PodSecurity" in space.event(replica_set["metadata"]["name"], "FailedCreate")["message"]
