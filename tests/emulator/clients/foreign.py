"""A controller and a scheduler as somebody else would write them: official client, list and watch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from kubernetes import client, config, watch

from tests.emulator.clients.process import Emulator

LEASE = "foreign-controller"


class Loop(threading.Thread):
    """Lists, then watches from there, and hands on each event until it is told to stop."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(daemon=True)
        self.api = config.new_client_from_config(config_file=str(emulator.kubeconfig))
        self.core = client.CoreV1Api(self.api)
        self.apps = client.AppsV1Api(self.api)
        self.leases = client.CoordinationV1Api(self.api)
        self.stopping = threading.Event()
        self.problems: list[Exception] = []

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                self.round()
        except Exception as error:
            self.problems.append(error)

    def round(self) -> None:
        raise NotImplementedError

    def changes(self, listing: Callable[..., Any], **more: Any) -> Iterable[Any]:
        """Everything there is, and what comes within a second."""
        found = listing(**more)
        yield from found.items
        version = found.metadata.resource_version
        for event in watch.Watch().stream(listing, resource_version=version, timeout_seconds=1, **more):
            yield event["object"]
            if self.stopping.is_set():
                return

    def end(self) -> None:
        self.stopping.set()
        self.join(10)
        self.api.close()
        assert not self.problems, [str(one) for one in self.problems]
        assert not self.is_alive()


class Scheduler(Loop):
    """Binds pods that name it or the default one to the nodes in turn."""

    def __init__(self, emulator: Emulator, name: str = "default-scheduler") -> None:
        super().__init__(emulator)
        self._name = name
        self.bound = 0

    def round(self) -> None:
        waiting = f"spec.nodeName=,spec.schedulerName={self._name}"
        nodes = [node.metadata.name for node in self.core.list_node().items]
        for pod in self.changes(self.core.list_pod_for_all_namespaces, field_selector=waiting):
            if pod.spec.node_name or pod.metadata.deletion_timestamp:
                continue
            target = {"apiVersion": "v1", "kind": "Node", "name": nodes[self.bound % len(nodes)]}
            body = {"metadata": {"name": pod.metadata.name, "uid": pod.metadata.uid}, "target": target}
            try:
                self.core.create_namespaced_binding(pod.metadata.namespace, body, _preload_content=False)
            except client.ApiException as error:
                if error.status not in (404, 409):  # gone, or seen twice
                    raise
            else:
                self.bound += 1


class ReplicaSets(Loop):
    """Keeps as many pods as are wanted, while it holds the lease."""

    def __init__(self, emulator: Emulator, namespace: str, name: str) -> None:
        super().__init__(emulator)
        self.namespace, self.name = namespace, name
        self.acts = threading.Event()

    def round(self) -> None:
        if not self._leads():
            self.acts.clear()
            self.stopping.wait(0.1)
            return
        self.acts.set()
        for one in self.changes(self.apps.list_namespaced_replica_set, namespace=self.namespace):
            self._keep(one.metadata.name)
        for pod in self.changes(self.core.list_namespaced_pod, namespace=self.namespace):
            for owner in pod.metadata.owner_references or ():
                self._keep(owner.name)

    def _leads(self) -> bool:
        """The lease is taken by a write that names the version that was read: of two, one fails."""
        try:
            lease = self.leases.read_namespaced_lease(LEASE, self.namespace)
        except client.ApiException as error:
            if error.status != 404:
                raise
            lease = None
        try:
            if lease is None:
                body = {"metadata": {"name": LEASE}, "spec": {"holderIdentity": self.name}}
                self.leases.create_namespaced_lease(self.namespace, body)
                return True
            if lease.spec.holder_identity not in (self.name, "", None):
                return False
            lease.spec.holder_identity = self.name
            self.leases.replace_namespaced_lease(LEASE, self.namespace, lease)
        except client.ApiException as error:
            if error.status != 409:
                raise
            return False
        return True

    def resign(self) -> None:
        self.end_rounds()
        self.leases.patch_namespaced_lease(LEASE, self.namespace, {"spec": {"holderIdentity": ""}})

    def end_rounds(self) -> None:
        self.stopping.set()
        self.join(10)

    def _keep(self, name: str) -> None:
        try:
            owner = self.apps.read_namespaced_replica_set(name, self.namespace)
        except client.ApiException as error:
            if error.status == 404:
                return
            raise
        pods = [pod for pod in self.core.list_namespaced_pod(self.namespace).items if _owned(pod, owner)]
        for _ in range(owner.spec.replicas - len(pods)):
            self.core.create_namespaced_pod(self.namespace, self._pod(owner))
        for pod in pods[owner.spec.replicas :]:
            self.core.delete_namespaced_pod(pod.metadata.name, self.namespace, grace_period_seconds=0)
        self._report(owner, pods)

    def _pod(self, owner: Any) -> dict[str, Any]:
        template = self.api.sanitize_for_serialization(owner.spec.template)
        reference = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": owner.metadata.name}
        reference |= {"uid": owner.metadata.uid, "controller": True, "blockOwnerDeletion": True}
        meta = {"generateName": f"{owner.metadata.name}-", "ownerReferences": [reference]}
        return {**template, "metadata": {**template.get("metadata", {}), **meta}}

    def _report(self, owner: Any, pods: list[Any]) -> None:
        ready = sum(any(c.type == "Ready" and c.status == "True" for c in p.status.conditions or ()) for p in pods)
        status = {"replicas": len(pods), "readyReplicas": ready, "observedGeneration": owner.metadata.generation}
        body = {"metadata": {"resourceVersion": owner.metadata.resource_version}, "status": status}
        try:
            self.apps.patch_namespaced_replica_set_status(owner.metadata.name, self.namespace, body)
        except client.ApiException as error:
            if error.status not in (404, 409):  # changed meanwhile: the next event tells
                raise


def _owned(pod: Any, owner: Any) -> bool:
    return not pod.metadata.deletion_timestamp and any(
        one.uid == owner.metadata.uid for one in pod.metadata.owner_references or ()
    )
