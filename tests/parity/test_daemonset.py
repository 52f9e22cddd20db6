"""DaemonSet: one pod on every node that it may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from k8slab.kube.errors import Invalid
from tests.parity.manifests import BUSYBOX, FOREVER, NEWER_NGINX, Obj, container, daemon_set
from tests.parity.space import Space
from tests.parity.waiting import eventually

QUIET = container("c", BUSYBOX, command=FOREVER)
CONTROL_PLANE = "node-role.kubernetes.io/control-plane"


def nodes(space: Space) -> list[Obj]:
    """Those that take pods which tolerate nothing."""
    found = space.client.list("v1", "Node")["items"]
    return [
        node
        for node in found
        if not any(t["effect"] in ("NoSchedule", "NoExecute") for t in node["spec"].get("taints") or ())
    ]


def status(space: Space) -> Obj:
    return dict(space.get("DaemonSet", "agent")["status"])


@pytest.fixture
def marked_node(space: Space) -> Iterator[Obj]:
    """A node with a label of this test's own."""
    node = nodes(space)[0]
    name = node["metadata"]["name"]
    space.client.patch("v1", "Node", name, None, {"metadata": {"labels": {"parity": space.name}}})
    yield node
    space.client.patch("v1", "Node", name, None, {"metadata": {"labels": {"parity": None}}})


def test_every_node_has_one(space: Space) -> None:
    space.create(daemon_set("agent", QUIET))
    wanted = {node["metadata"]["name"] for node in nodes(space)}
    pods = space.ready_pods("app=agent", len(wanted))
    assert {pod["spec"]["nodeName"] for pod in pods} == wanted
    eventually(lambda: status(space).get("numberAvailable") == len(wanted))
    found = status(space)
    assert [found[name] for name in ("desiredNumberScheduled", "currentNumberScheduled", "numberReady")] == [
        len(wanted)
    ] * 3
    tolerated = {one["key"] for one in pods[0]["spec"]["tolerations"]}
    assert {"node.kubernetes.io/not-ready", "node.kubernetes.io/unschedulable"} <= tolerated


def test_a_node_selector_chooses(space: Space, marked_node: Obj) -> None:
    space.create(daemon_set("agent", QUIET, pod={"nodeSelector": {"parity": space.name}}))
    (pod,) = space.ready_pods("app=agent", 1)
    assert pod["spec"]["nodeName"] == marked_node["metadata"]["name"]
    space.client.patch("v1", "Node", pod["spec"]["nodeName"], None, {"metadata": {"labels": {"parity": "no"}}})
    eventually(lambda: not space.all("Pod", "app=agent"))


def test_a_new_template_rolls_node_by_node(space: Space, marked_node: Obj) -> None:
    space.create(daemon_set("agent", pod={"nodeSelector": {"parity": space.name}}))
    (before,) = space.ready_pods("app=agent", 1)
    change = {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": NEWER_NGINX}]}}}}
    space.patch("DaemonSet", "agent", change, how="strategic")

    def rolled() -> bool:
        (pod,) = space.ready_pods("app=agent", 1)
        return bool(pod["spec"]["containers"][0]["image"] == NEWER_NGINX)

    eventually(rolled)
    (after,) = space.all("Pod", "app=agent")
    assert after["metadata"]["name"] != before["metadata"]["name"]
    assert sorted(one["revision"] for one in space.all("ControllerRevision", "app=agent")) == [1, 2]


def test_on_delete_waits_for_the_pod_to_go(space: Space, marked_node: Obj) -> None:
    chosen = {"nodeSelector": {"parity": space.name}}
    space.create(daemon_set("agent", pod=chosen, updateStrategy={"type": "OnDelete"}))
    (before,) = space.ready_pods("app=agent", 1)
    change = {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": NEWER_NGINX}]}}}}
    space.patch("DaemonSet", "agent", change, how="strategic")
    eventually(lambda: status(space).get("observedGeneration") == 2)
    assert space.get("Pod", before["metadata"]["name"])["spec"]["containers"][0]["image"] != NEWER_NGINX
    space.delete("Pod", before["metadata"]["name"])
    space.gone("Pod", before["metadata"]["name"])
    eventually(lambda: space.ready_pods("app=agent", 1)[0]["spec"]["containers"][0]["image"] == NEWER_NGINX)


def test_a_strategy_that_does_not_exist(space: Space) -> None:
    with pytest.raises(Invalid) as refused:
        space.create(daemon_set("agent", updateStrategy={"type": "Sometimes"}))
    assert refused.value.causes[0].message == (
        'Unsupported value: {"Type":"Sometimes","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"'
    )
