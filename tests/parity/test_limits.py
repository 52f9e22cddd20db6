"""ResourceQuota and LimitRange: what a namespace may hold, and what a container gets that asks for nothing."""

from __future__ import annotations

import pytest

from k8slab.kube.errors import Forbidden
from tests.parity.manifests import config_map, container, deployment, pod, quota
from tests.parity.space import Space, condition
from tests.parity.waiting import eventually

ASKING = {"resources": {"requests": {"cpu": "100m"}, "limits": {"cpu": "200m"}}}


def counted(space: Space, name: str) -> None:
    eventually(lambda: "used" in (space.get("ResourceQuota", name).get("status") or {}))


def test_a_count_that_is_used_up_refuses(space: Space) -> None:
    space.create(quota("few", pods="1"))
    counted(space, "few")
    space.create(pod("first"))
    with pytest.raises(Forbidden) as refused:
        space.create(pod("second"))
    assert refused.value.message == (
        'pods "second" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1'
    )
    space.delete("Pod", "first", grace=0)
    eventually(lambda: space.get("ResourceQuota", "few")["status"]["used"] == {"pods": "0"})
    space.create(pod("second"))


def test_a_counted_resource_must_be_asked_for(space: Space) -> None:
    space.create(quota("cpus", **{"requests.cpu": "150m"}))
    counted(space, "cpus")
    with pytest.raises(Forbidden, match=r"failed quota: cpus: must specify requests.cpu for: c"):
        space.create(pod("silent"))
    space.create(pod("modest", container(**ASKING)))
    with pytest.raises(Forbidden, match=r"exceeded quota: cpus, requested: requests.cpu=100m, used: requests.cpu=100m"):
        space.create(pod("other", container(**ASKING)))


def test_a_deployment_says_that_the_quota_stops_it(space: Space) -> None:
    space.create(quota("few", pods="1"))
    counted(space, "few")
    space.create(deployment("web", replicas=2))
    space.ready_pods("app=web", 1)
    failure = eventually(lambda: condition(space.get("Deployment", "web"), "ReplicaFailure"))
    assert failure["reason"] == "FailedCreate"
    assert "exceeded quota: few" in failure["message"]


def test_objects_are_counted(space: Space) -> None:
    space.create(quota("maps", **{"count/secrets": "0"}))
    counted(space, "maps")
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}
    with pytest.raises(Forbidden, match="exceeded quota: maps, requested: count/secrets=1"):
        space.create(secret)
    space.create(config_map("free"))


def test_a_limit_range_fills_in_and_refuses(space: Space) -> None:
    limits = {
        "type": "Container",
        "default": {"cpu": "300m"},
        "defaultRequest": {"cpu": "100m"},
        "max": {"cpu": "500m"},
    }
    body = {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "range"}, "spec": {"limits": [limits]}}
    space.create(body)
    made = eventually(lambda: space.client.create(pod("silent"), space.name, dry_run=True))
    resources = made["spec"]["containers"][0]["resources"]
    assert resources == {"limits": {"cpu": "300m"}, "requests": {"cpu": "100m"}}
    assert "cpu request" in made["metadata"]["annotations"]["kubernetes.io/limit-ranger"]
    with pytest.raises(Forbidden) as refused:
        space.create(pod("greedy", container(resources={"limits": {"cpu": "1"}})))
    assert refused.value.message == (
        'pods "greedy" is forbidden: maximum cpu usage per Container is 500m, but limit is 1'
    )
