"""What an exercise needs of its sandbox beyond the usual: node paths in its pods, nodes of its own.

Nodes of one's own are the cluster's to give (`/emulator/nodes`, see docs/emulator.md): where it has none, an exercise
that needs them is not offered (`capabilities`). They are bound to the namespace by Kubernetes' own annotations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from k8slab.kube.client import TIMEOUT, Client
from k8slab.kube.errors import NotFound

from . import manifests
from .manifests import Plan

NODES = "/emulator/nodes"
_BOUND = ("scheduler.alpha.kubernetes.io/node-selector", "scheduler.alpha.kubernetes.io/defaultTolerations")


@dataclass(frozen=True, slots=True)
class Equipment:
    host_path: bool = False
    nodes: int = 0  # of the sandbox's own; 0: it shares the cluster's


PLAIN = Equipment()


def equip(client: Client, plan: Plan, equipment: Equipment) -> None:
    """Makes the sandbox have this, no more and no less; nodes that were switched off run again."""
    client.apply(manifests.namespace(plan, host_path=equipment.host_path), force=True)
    wanted = [node_name(plan.namespace, number) for number in range(1, equipment.nodes + 1)]
    there = own_nodes(client, plan.namespace)
    for node in there:
        if node["name"] not in wanted:
            _ask(client, "DELETE", f"{NODES}/{node['name']}")
    for node in there:
        if node["name"] in wanted and not node["ready"]:
            switch(client, node["name"], on=True)
    for name in sorted(set(wanted) - {node["name"] for node in there}):
        _ask(client, "POST", NODES, {"name": name, "namespace": plan.namespace})
    if not wanted and there:
        _unbind(client, plan.namespace)


def strip(client: Client, namespace: str) -> None:
    """Takes away the nodes of a sandbox that goes, and first what runs on them: nobody would be left to end it."""
    there = own_nodes(client, namespace)
    if there:
        client.delete_collection("v1", "Pod", namespace, grace=0)
    for node in there:
        _ask(client, "DELETE", f"{NODES}/{node['name']}")


def node_name(namespace: str, number: int) -> str:
    return f"{namespace}-node-{number}"


def own_nodes(client: Client, namespace: str) -> Sequence[dict[str, Any]]:
    """The namespace's own nodes: `name` and `ready` of each. None on a cluster that gives none."""
    try:
        found = client.connection.json("GET", NODES, timeout=TIMEOUT)[1]
    except NotFound:
        return ()
    return [node for node in found["items"] if node.get("namespace") == namespace]


def switch(client: Client, node: str, *, on: bool) -> None:
    """Switches a node's power on or off. The cluster notices in its own time. Raises NotFound."""
    _ask(client, "POST", f"{NODES}/{node}/{'heal' if on else 'fail'}")


def _unbind(client: Client, namespace: str) -> None:
    patch = {"metadata": {"annotations": dict.fromkeys(_BOUND)}}
    client.patch("v1", "Namespace", namespace, None, patch)


def _ask(client: Client, method: str, path: str, body: dict[str, Any] | None = None) -> None:
    client.connection.json(method, path, body=body, timeout=TIMEOUT)
