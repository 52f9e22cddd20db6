"""A node that is lost: its pods move on, those that belong to it wait. On nodes of the test's own."""

from __future__ import annotations

import pytest

from tests.parity.control import Control
from tests.parity.manifests import BUSYBOX, FOREVER, container, daemon_set, deployment, stateful_set
from tests.parity.space import Space, condition
from tests.parity.waiting import eventually

PRIVATE = "k8slab.io/private-to"
QUIET = container("c", BUSYBOX, command=FOREVER)


@pytest.fixture
def nodes(space: Space, control: Control) -> list[str]:
    """Two nodes on which only this namespace's pods run, and they nowhere else."""
    found = [f"{space.name}-{number}" for number in (1, 2)]
    for name in found:
        control.add(name, space.name)
    for name in found:
        eventually(lambda name=name: ready(space, name) == "True")
    return found


def ready(space: Space, node: str) -> str:
    return str(condition(space.client.get("v1", "Node", node), "Ready").get("status"))


def where(space: Space, pod: str) -> str:
    return str(space.get("Pod", pod)["spec"]["nodeName"])


def test_only_own_nodes_are_used(space: Space, nodes: list[str]) -> None:
    space.create(deployment("web", QUIET, replicas=3))
    assert {pod["spec"]["nodeName"] for pod in space.ready_pods("app=web", 3)} <= set(nodes)


def test_pods_of_a_lost_node_come_back_elsewhere(space: Space, control: Control, nodes: list[str]) -> None:
    space.create(deployment("web", QUIET, replicas=1))
    (pod,) = space.ready_pods("app=web", 1)
    lost = pod["spec"]["nodeName"]
    control.fail(lost)
    eventually(lambda: ready(space, lost) == "Unknown")
    taints = {taint["key"] for taint in space.client.get("v1", "Node", lost)["spec"]["taints"]}
    assert "node.kubernetes.io/unreachable" in taints
    eventually(lambda: [p for p in space.all("Pod", "app=web") if p["spec"].get("nodeName") not in (lost, None)])
    name = pod["metadata"]["name"]
    assert space.get("Pod", name)["metadata"]["deletionTimestamp"]
    assert condition(space.get("Pod", name), "DisruptionTarget")["reason"] == "DeletionByTaintManager"
    control.heal(lost)
    space.gone("Pod", name)
    eventually(lambda: ready(space, lost) == "True")


def test_a_stateful_pod_waits_for_its_node(space: Space, control: Control, nodes: list[str]) -> None:
    space.create(stateful_set("db", QUIET, replicas=1))
    space.ready_pods("app=db", 1)
    lost, uid = where(space, "db-0"), space.get("Pod", "db-0")["metadata"]["uid"]
    control.fail(lost)
    eventually(lambda: space.get("Pod", "db-0")["metadata"].get("deletionTimestamp"))
    assert space.get("Pod", "db-0")["metadata"]["uid"] == uid  # nobody knows whether it still runs
    space.delete("Pod", "db-0", grace=0)
    eventually(lambda: space.find("Pod", "db-0") and where(space, "db-0") != lost)


def test_a_daemon_stays_with_its_node(space: Space, control: Control, nodes: list[str]) -> None:
    # Who makes daemons looks at what they say themselves, not at what their namespace adds to them.
    own = {"nodeSelector": {PRIVATE: space.name}, "tolerations": [{"operator": "Exists"}]}
    space.create(daemon_set("agent", QUIET, pod=own))
    pods = {pod["spec"]["nodeName"]: pod for pod in space.ready_pods("app=agent", 2)}
    control.fail(nodes[0])
    eventually(lambda: ready(space, nodes[0]) == "Unknown")
    eventually(lambda: space.get("DaemonSet", "agent")["status"]["numberReady"] == 1)
    kept = space.get("Pod", pods[nodes[0]]["metadata"]["name"])
    assert "deletionTimestamp" not in kept["metadata"]
    assert condition(kept, "Ready")["status"] == "False"
