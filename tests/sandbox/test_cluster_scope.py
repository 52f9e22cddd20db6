"""What a student may do outside the namespace, asked of a cluster that enforces it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from k8slab.kube.client import Client, Obj
from k8slab.kube.errors import Forbidden, KubeError, NotFound
from k8slab.sandbox import actions, equipment, further
from k8slab.sandbox.apply import apply_text
from k8slab.sandbox.capabilities import probe
from k8slab.sandbox.cluster import app_client, student_client
from k8slab.sandbox.equipment import Equipment
from k8slab.sandbox.models import Sandbox
from tests import people
from tests.parity.waiting import eventually

pytestmark = pytest.mark.django_db


@pytest.fixture
def sandbox(emulator: Path, settings: Settings) -> Iterator[Sandbox]:
    settings.KUBECONFIG = str(emulator)
    sandbox = actions.request_sandbox(people.mina())
    actions.start(sandbox)
    yield sandbox
    actions.close(sandbox)


@pytest.fixture
def student(sandbox: Sandbox) -> Client:
    client = student_client(sandbox)
    eventually(lambda: _may_list_volumes(client))
    return client


def _may_list_volumes(client: Client) -> bool:
    try:
        client.list("v1", "PersistentVolume")
    except Forbidden:
        return False
    return True


def volume(name: str, claim_namespace: str = "") -> Obj:
    spec: Obj = {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/data"}}
    if claim_namespace:
        spec["claimRef"] = {"namespace": claim_namespace, "name": "c"}
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": spec}


def space(name: str, **labels: str) -> Obj:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def storage(name: str) -> Obj:
    head = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name}}
    return {**head, "provisioner": "ebs.csi.aws.com"}


def test_what_carries_the_sandboxs_name_may_be_made_and_goes_with_a_reset(sandbox: Sandbox, student: Client) -> None:
    own = sandbox.namespace
    student.create(volume(f"{own}-pv1", own))
    student.create(storage(f"{own}-aws-ebs"))
    student.create(space(f"{own}-team"))
    actions.empty(sandbox)
    assert further.left(app_client(), own) == []


def test_nothing_else_may_be_made_or_deleted(sandbox: Sandbox, student: Client) -> None:
    own = sandbox.namespace
    refused = [
        volume("pv1"),
        volume(f"{own}-pv", "kube-system"),
        storage("fast"),
        space("team"),
        space(f"{own}-free", **{"pod-security.kubernetes.io/enforce": "privileged"}),
    ]
    for obj in refused:
        with pytest.raises(KubeError, match="k8slab-students"):
            student.create(obj)
    with pytest.raises(KubeError, match="must begin with"):
        student.connection.call("DELETE", "/apis/storage.k8s.io/v1/storageclasses/standard", timeout=5.0)
    with pytest.raises(KubeError, match="must begin with"):
        student.connection.call("DELETE", f"/api/v1/namespaces/{own}", timeout=5.0)
    with pytest.raises(Forbidden):
        student.list("v1", "Namespace")
    assert student.list("v1", "Node")["items"]


def test_a_further_namespace_is_adopted_and_bounded(sandbox: Sandbox, student: Client) -> None:
    name = f"{sandbox.namespace}-team"
    student.create(space(name))
    with pytest.raises(Forbidden):
        student.list("v1", "Pod", name)
    assert actions.adopt(name) == sandbox
    eventually(lambda: student.list("v1", "Pod", name)["items"] == [])
    labels = app_client().get("v1", "Namespace", name)["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"
    with pytest.raises(Forbidden):
        student.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "x"}}, name)


def test_a_further_namespace_may_be_applied_again_but_keeps_its_bounds(sandbox: Sandbox, student: Client) -> None:
    name, enforce = f"{sandbox.namespace}-team", "pod-security.kubernetes.io/enforce"
    text = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{team: blue}}}}\n"
    assert [outcome.action for outcome in apply_text(sandbox, text).outcomes] == ["created"]
    again = text.replace("blue", "red")
    assert [outcome.problems for outcome in apply_text(sandbox, again).outcomes] == [()]
    for level in ("privileged", None):
        with pytest.raises(KubeError, match="the sandbox's own"):
            student.patch("v1", "Namespace", name, None, {"metadata": {"labels": {enforce: level}}})
    labels = app_client().get("v1", "Namespace", name)["metadata"]["labels"]
    assert (labels["team"], labels[enforce]) == ("red", "baseline")


def test_one_namespace_too_many_goes_again(sandbox: Sandbox, student: Client) -> None:
    names = [f"{sandbox.namespace}-{number}" for number in range(further.MOST + 1)]
    for name in names:
        student.create(space(name))
    assert [actions.adopt(name) for name in names[-1:]] == [None]
    assert actions.adopt("kube-system") is None


def test_an_exercise_gets_nodes_of_its_own_and_gives_them_back(sandbox: Sandbox) -> None:
    client = app_client()
    assert {"private-nodes", "host-path", "cluster-scoped"} <= probe(client)
    actions.equip(sandbox, Equipment(host_path=True, nodes=2))
    first, second = (equipment.node_name(sandbox.namespace, number) for number in (1, 2))
    assert {node["name"] for node in equipment.own_nodes(client, sandbox.namespace)} == {first, second}
    assert actions.switch_node(sandbox, second, on=False)
    assert not actions.switch_node(sandbox, "node-1", on=False)
    pod: Obj = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}
    volumes = [{"name": "d", "hostPath": {"path": "/data"}}]
    pod["spec"] = {"volumes": volumes, "containers": [{"name": "c", "image": "nginx:1.27"}]}
    student_client(sandbox).create(pod, sandbox.namespace)
    eventually(lambda: client.get("v1", "Pod", "p", sandbox.namespace)["spec"].get("nodeName") in (first, second))
    actions.empty(sandbox)
    actions.equip(sandbox, Equipment(nodes=1))
    assert [node["name"] for node in equipment.own_nodes(client, sandbox.namespace)] == [first]
    actions.equip(sandbox, Equipment())
    assert equipment.own_nodes(client, sandbox.namespace) == []
    annotations = client.get("v1", "Namespace", sandbox.namespace)["metadata"].get("annotations") or {}
    assert not [name for name in annotations if name.startswith("scheduler.")]
    with pytest.raises(KubeError, match="hostPath"):
        student_client(sandbox).create({**pod, "metadata": {"name": "q"}}, sandbox.namespace)


def test_a_closed_sandbox_leaves_nothing(sandbox: Sandbox) -> None:
    client, own = app_client(), sandbox.namespace
    student_client(sandbox).create(volume(f"{own}-pv"))
    actions.close(sandbox)
    eventually(lambda: further.left(client, own) == [])
    with pytest.raises(NotFound):
        client.get("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", f"k8slab:{own}")
