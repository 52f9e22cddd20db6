"""A namespace of a test's own, and the questions that the tests ask about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from k8slab.kube.client import Client
from tests.parity.manifests import Obj
from tests.parity.waiting import eventually

API_OF = {
    **dict.fromkeys(("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ControllerRevision"), "apps/v1"),
    **dict.fromkeys(("Job", "CronJob"), "batch/v1"),
    **dict.fromkeys(("Ingress", "NetworkPolicy"), "networking.k8s.io/v1"),
    "EndpointSlice": "discovery.k8s.io/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Lease": "coordination.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
}


@dataclass(frozen=True)
class Space:
    client: Client
    name: str

    def create(self, obj: Obj) -> Obj:
        return self.client.create(obj, self.name)

    def get(self, kind: str, name: str) -> Obj:
        return self.client.get(API_OF.get(kind, "v1"), kind, name, self.name)

    def find(self, kind: str, name: str) -> Obj | None:
        return self.client.find(API_OF.get(kind, "v1"), kind, name, self.name)

    def all(self, kind: str, labels: str = "") -> list[Obj]:
        return list(self.client.list(API_OF.get(kind, "v1"), kind, self.name, labels=labels)["items"])

    def patch(self, kind: str, name: str, patch: Any, **how: Any) -> Obj:
        return self.client.patch(API_OF.get(kind, "v1"), kind, name, self.name, patch, **how)

    def delete(self, kind: str, name: str, **how: Any) -> None:
        self.client.delete(API_OF.get(kind, "v1"), kind, name, self.name, **how)

    def events(self, name: str) -> list[Obj]:
        """About the object of this name, the oldest first."""
        found = self.client.list("v1", "Event", self.name, fields=f"involvedObject.name={name}")["items"]
        return sorted(found, key=lambda event: int(event["metadata"]["resourceVersion"]))

    def run(self, pod: str, *command: str, container: str | None = None) -> tuple[int, str]:
        """Exit code and everything that the command said."""
        result = self.client.exec(self.name, pod, command, container, timeout=30)
        return result.exit_code, result.stdout + result.stderr

    # --- waiting ------------------------------------------------------------------------------------------------
    def ready_pods(self, labels: str, count: int) -> list[Obj]:
        """When there are exactly so many, none of them ending, all ready."""

        def look() -> list[Obj]:
            pods = self.all("Pod", labels)
            assert len(pods) == count, [pod["metadata"]["name"] for pod in pods]
            assert all(is_ready(pod) for pod in pods), [pod.get("status") for pod in pods]
            return pods

        return eventually(look)

    def running(self, pod: str) -> Obj:
        return eventually(lambda: next((one for one in [self.get("Pod", pod)] if is_ready(one)), None))

    def rolled_out(self, name: str) -> Obj:
        """The Deployment, when all of its pods are new, ready and alone."""

        def look() -> Obj:
            found = self.get("Deployment", name)
            status, wanted = found.get("status") or {}, found["spec"]["replicas"]
            assert status.get("observedGeneration", 0) >= found["metadata"]["generation"]
            counts = [status.get(key, 0) for key in ("replicas", "updatedReplicas", "availableReplicas")]
            assert counts == [wanted] * 3, status
            return found

        return eventually(look)

    def event(self, name: str, reason: str) -> Obj:
        def look() -> Obj:
            events = self.events(name)
            found = [event for event in events if event["reason"] == reason]
            assert found, [(event["reason"], event["message"]) for event in events]
            return found[-1]

        return eventually(look)

    def answers(self, client: str, *command: str, says: str, code: int = 0) -> str:
        """When this command in this pod ends so; all that it said."""

        def look() -> str:
            ended, output = self.run(client, *command)
            assert (ended, says in output) == (code, True), (ended, output)
            return output or " "

        return eventually(look)

    def has(self, kind: str, name: str, condition_type: str, status: str = "True") -> Obj:
        """The condition, when it is so."""

        def look() -> Obj:
            found = condition(self.get(kind, name), condition_type)
            assert found.get("status") == status, self.get(kind, name).get("status")
            return found

        return eventually(look)

    def gone(self, kind: str, name: str) -> None:
        eventually(lambda: self.find(kind, name) is None)


def is_ready(pod: Obj) -> bool:
    return not pod["metadata"].get("deletionTimestamp") and condition(pod, "Ready").get("status") == "True"


def condition(obj: Obj, kind: str) -> Obj:
    found = (obj.get("status") or {}).get("conditions") or ()
    return next((one for one in found if one["type"] == kind), {})


def names(objects: Sequence[Obj]) -> set[str]:
    return {obj["metadata"]["name"] for obj in objects}
