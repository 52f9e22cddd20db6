"""Somebody else's controller and scheduler run the cluster, with ours switched off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from kubernetes import client, config

from tests.emulator.clients.foreign import LEASE, ReplicaSets, Scheduler
from tests.emulator.clients.process import Emulator, running_emulator
from tests.emulator.clients.test_python_client import until

SPACE = "t"
TEMPLATE = {
    "metadata": {"labels": {"app": "web"}},
    "spec": {"containers": [{"name": "c", "image": "nginx"}], "automountServiceAccountToken": False},
}


def workload(**more: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": TEMPLATE, **more},
    }


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    data = tmp_path_factory.mktemp("bare")
    with running_emulator(data, "--controllers=", "--scheduler=off", "--nodes=2") as started:
        yield started


@pytest.fixture
def api(bare: Emulator) -> Iterator[client.ApiClient]:
    with config.new_client_from_config(config_file=str(bare.kubeconfig)) as made:
        yield made


def test_a_replica_set_lives_by_foreign_hands(bare: Emulator, api: client.ApiClient) -> None:
    core, apps = client.CoreV1Api(api), client.AppsV1Api(api)
    core.create_namespace({"metadata": {"name": SPACE}})
    with pytest.raises(client.ApiException, match=r"serviceaccount .*default.* not found"):  # ours would have made it
        core.create_namespaced_pod(SPACE, {"metadata": {"name": "early"}, "spec": TEMPLATE["spec"]})
    core.create_namespaced_service_account(SPACE, {"metadata": {"name": "default"}})
    first, second = (ReplicaSets(bare, SPACE, name) for name in ("first", "second"))
    scheduler = Scheduler(bare)
    apps.create_namespaced_deployment(SPACE, workload())
    apps.create_namespaced_replica_set(SPACE, workload(replicas=3))
    assert core.list_namespaced_pod(SPACE).items == []
    for one in (first, scheduler):
        one.start()
    try:
        until(lambda: apps.read_namespaced_replica_set("web", SPACE).status.ready_replicas == 3)
        second.start()
        pods = core.list_namespaced_pod(SPACE).items
        assert {pod.spec.node_name for pod in pods} == {"node-1", "node-2"}
        assert {pod.status.phase for pod in pods} == {"Running"}
        assert {pod.metadata.owner_references[0].kind for pod in pods} == {"ReplicaSet"}
        core.delete_namespaced_pod(pods[0].metadata.name, SPACE, grace_period_seconds=0)
        until(
            lambda: {p.metadata.name for p in core.list_namespaced_pod(SPACE).items} - {p.metadata.name for p in pods}
        )
        assert not second.acts.is_set()
        first.resign()
        until(second.acts.is_set)
        apps.patch_namespaced_replica_set_scale("web", SPACE, {"spec": {"replicas": 1}})
        until(lambda: len(core.list_namespaced_pod(SPACE).items) == 1)
        until(lambda: apps.read_namespaced_replica_set("web", SPACE).status.observed_generation == 2)
        lease = client.CoordinationV1Api(api).read_namespaced_lease(LEASE, SPACE)
        assert lease.spec.holder_identity == "second"
    finally:
        for one in (first, second, scheduler):
            if one.ident is not None:
                one.end()
    assert scheduler.bound >= 4
    assert [one.metadata.name for one in apps.list_namespaced_replica_set(SPACE).items] == [
        "web"
    ]  # none of a Deployment
    assert apps.read_namespaced_deployment("web", SPACE).status.observed_generation is None


def test_a_binding_is_taken_once(bare: Emulator, api: client.ApiClient) -> None:
    core = client.CoreV1Api(api)
    core.create_namespace({"metadata": {"name": "b"}})
    core.create_namespaced_service_account("b", {"metadata": {"name": "default"}})
    pod = core.create_namespaced_pod("b", {"metadata": {"name": "p"}, "spec": TEMPLATE["spec"]})
    wrong = {"metadata": {"name": "p", "uid": "another"}, "target": {"kind": "Node", "name": "node-1"}}
    with pytest.raises(client.ApiException, match="UID in precondition: another"):
        core.create_namespaced_pod_binding("p", "b", wrong, _preload_content=False)
    right = {"metadata": {"name": "p", "uid": pod.metadata.uid}, "target": {"kind": "Node", "name": "node-2"}}
    core.create_namespaced_pod_binding("p", "b", right, _preload_content=False)
    with pytest.raises(client.ApiException, match=r"pod p is already assigned to node .*node-2"):
        core.create_namespaced_pod_binding("p", "b", right, _preload_content=False)
    until(lambda: core.read_namespaced_pod("p", "b").status.phase == "Running")
