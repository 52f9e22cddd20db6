"""A namespace as a dict of objects, and short ways to fill it as controllers would."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import yaml

from k8slab.grading.engine import grade
from k8slab.grading.parse import parse_checks
from k8slab.grading.report import Report, Result
from k8slab.grading.spec import Check
from k8slab.grading.world import WorldError

NOW = 1_800_000_000.0
EARLIER = "2027-01-15T07:00:00Z"  # an hour before NOW
Obj = dict[str, Any]
numbers = count(1)


class FakeWorld:
    def __init__(self, *objects: Obj) -> None:
        self.objects = list(objects)
        self.happened: list[Obj] = []
        self.answers: dict[Any, Mapping[str, Any]] = {}
        self.asked: list[Any] = []
        self.deleted: list[str] = []
        self.read: list[tuple[str, str]] = []
        self.broken = ""
        self.refuses_to_delete: set[str] = set()

    def list(self, api_version: str, kind: str) -> Sequence[Obj]:
        self.read.append((api_version, kind))
        if self.broken in (kind, "everything"):
            raise WorldError("the API server is away")
        return [o for o in self.objects if (o["apiVersion"], o["kind"]) == (api_version, kind)]

    def events(self) -> Sequence[Obj]:
        return self.happened

    def namespace(self) -> Obj:
        return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "lab-1", "labels": {"team": "a"}}}

    def _answer(self, question: Any) -> Mapping[str, Any]:
        self.asked.append(question)
        if self.broken == "probe":
            raise WorldError("exec is away")
        return self.answers.get(question, {"error": "connection refused"})

    def http(self, pod: str, container: str | None, url: str, timeout: float) -> Mapping[str, Any]:
        return self._answer(url)

    def dns(self, pod: str, container: str | None, name: str, timeout: float) -> Mapping[str, Any]:
        return self._answer(name)

    def exec(self, pod: str, container: str | None, command: Sequence[str], timeout: float) -> Mapping[str, Any]:
        return self._answer(tuple(command))

    def delete(self, api_version: str, kind: str, name: str) -> None:
        if name in self.refuses_to_delete:
            raise WorldError(f"cannot delete {name}")
        self.deleted.append(name)
        self.objects = [o for o in self.objects if (o["kind"], o["metadata"]["name"]) != (kind, name)]

    def get(self, kind: str, name: str = "web") -> Obj:
        return next(o for o in self.objects if o["kind"] == kind and o["metadata"]["name"] == name)

    def event(self, about: Obj, reason: str, message: str, sort: str = "Warning", at: str = EARLIER, times: int = 1):
        meta = about["metadata"]
        involved = {"kind": about["kind"], "name": meta["name"], "uid": meta["uid"]}
        event = {"type": sort, "reason": reason, "message": message, "count": times, "lastTimestamp": at}
        self.happened.append({**event, "involvedObject": involved})
        return self


def thing(version: str, kind: str, name: str, owner: Obj | None = None, **parts: Any) -> Obj:
    meta = {
        "name": name,
        "uid": f"{kind}-{name}-{next(numbers)}",
        "resourceVersion": str(next(numbers)),
        "generation": 1,
    }
    if owner is not None:
        ref = {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": owner["metadata"]["name"]}
        meta["ownerReferences"] = [{**ref, "uid": owner["metadata"]["uid"], "controller": True}]
    meta |= parts.pop("metadata", {})
    return {"apiVersion": version, "kind": kind, "metadata": meta, **parts}


def pod(name: str, owner: Obj | None = None, labels: Obj | None = None, ready: bool = True, **status: Any) -> Obj:
    state = {"running": {"startedAt": EARLIER}} if ready else {"waiting": {"reason": "ContainerCreating"}}
    container = {"name": "main", "ready": ready, "restartCount": 0, "state": state}
    full = {
        "phase": "Running" if ready else "Pending",
        "conditions": [{"type": "Ready", "status": "True" if ready else "False"}],
        "containerStatuses": [container],
    }
    containers = [{"name": "main", "image": "nginx:1.14.0", "ports": [{"containerPort": 8080}]}]
    meta = {"labels": {"app": "web"} if labels is None else labels, "creationTimestamp": EARLIER}
    return thing("v1", "Pod", name, owner, metadata=meta, spec={"containers": containers}, status={**full, **status})


def crashing(name: str, owner: Obj | None = None) -> Obj:
    """As devops-bench met it: the phase is Running all the while."""
    container = {
        "name": "main",
        "ready": False,
        "restartCount": 3,
        "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s restarting failed container"}},
        "lastState": {"terminated": {"exitCode": 1, "reason": "Error", "message": "no config"}},
    }
    made = pod(name, owner, containerStatuses=[container], conditions=[{"type": "Ready", "status": "False"}])
    return {**made, "status": {**made["status"], "phase": "Running"}}


def replica_set(name: str, owner: Obj | None = None, wanted: int = 3, ready: int = 3, revision: int = 1) -> Obj:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": []}}
    counts = {"replicas": wanted, "readyReplicas": ready, "availableReplicas": ready, "observedGeneration": 1}
    meta = {"annotations": {"deployment.kubernetes.io/revision": str(revision)}, "labels": {"app": "web"}}
    spec = {"replicas": wanted, "template": template}
    return thing("apps/v1", "ReplicaSet", name, owner, metadata=meta, spec=spec, status=counts)


def deployment(name: str = "web", wanted: int = 3, ready: int = 3, image: str = "nginx:1.14.0") -> Obj:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "main", "image": image}]}}
    counts = {"replicas": wanted, "updatedReplicas": wanted, "readyReplicas": ready, "availableReplicas": ready}
    status = {**counts, "observedGeneration": 1}
    spec = {"replicas": wanted, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    return thing("apps/v1", "Deployment", name, spec=spec, status=status)


def rolled_out(wanted: int = 3, ready: int | None = None) -> FakeWorld:
    """A Deployment web with its ReplicaSet and pods."""
    ready = wanted if ready is None else ready
    top = deployment(wanted=wanted, ready=ready)
    middle = replica_set("web-1", top, wanted, ready)
    pods = [pod(f"web-1-{n}", middle, ready=n < ready) for n in range(wanted)]
    return FakeWorld(top, middle, *pods)


def service(selector: Obj | None = None, port: int = 9090, target: int | str = 8080) -> Obj:
    spec = {"clusterIP": "10.96.0.7", "selector": selector or {"app": "web"}}
    made = thing("v1", "Service", "web", spec={**spec, "ports": [{"port": port, "targetPort": target}]}, status={})
    del made["metadata"]["generation"]  # Services have none
    return made


def endpoints(*pods: Obj, ready: bool = True) -> Obj:
    targets = [{"kind": "Pod", "name": p["metadata"]["name"]} for p in pods]
    meta = {"labels": {"kubernetes.io/service-name": "web"}}
    each = [{"conditions": {"ready": ready}, "targetRef": target} for target in targets]
    return thing("discovery.k8s.io/v1", "EndpointSlice", "web-x", metadata=meta, endpoints=each)


def checks(text: str) -> tuple[Check, ...]:
    """From YAML without the titles, which no verdict depends on."""
    raw = yaml.safe_load(text)
    for check in raw:
        check.setdefault("title", {"en": "a", "ko": "b"})
        for hint in check.get("hints", ()):
            hint["say"] = {"en": hint["say"], "ko": hint["say"]}
    problems: list[Any] = []
    found = parse_checks(raw, lambda path, message: problems.append((path, message)))
    assert not problems
    return found


class Grader:
    """Grades the same checks again and again, as the worker does."""

    def __init__(self, text: str, world: FakeWorld, **values: str) -> None:
        self.checks, self.world, self.values = checks(text), world, values
        self.memory: dict[str, Any] = {}
        self.now = self.since = NOW

    def report(self, after: float = 0.0) -> Report:
        self.now += after
        frozen = copy.deepcopy(self.memory)
        report, memory = grade(self.checks, self.world, self.memory, self.now, self.since, self.values)
        assert self.memory == frozen, "the memory handed in is not written to"
        self.memory = memory
        return report

    def look(self, after: float = 0.0) -> Result:
        return self.report(after).results[0]

    def submit(self) -> None:
        self.since = self.now


def codes(result: Result) -> list[str]:
    return [message.code for message in result.messages]
