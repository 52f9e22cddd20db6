"""A student's namespace as objects: pure functions to dicts, the same for any cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .names import STUDENT
from .rights import RULES

Obj = dict[str, Any]

MANAGED_BY = "app.kubernetes.io/managed-by"
APP = "k8slab"
OWNER = "k8slab.dev/owner"
SITE = "k8slab.dev/site"
SANDBOX = "k8slab.dev/sandbox"  # on a sandbox's namespaces: the name of its first one

QUOTA: Mapping[str, str] = {
    "pods": "20",
    "services": "10",
    "services.nodeports": "6",
    "services.loadbalancers": "2",
    "configmaps": "40",
    "secrets": "40",
    "persistentvolumeclaims": "10",
    "requests.storage": "20Gi",
    "requests.cpu": "4",
    "requests.memory": "4Gi",
    "limits.cpu": "10",
    "limits.memory": "10Gi",
    "count/deployments.apps": "20",
    "count/replicasets.apps": "60",
    "count/statefulsets.apps": "10",
    "count/daemonsets.apps": "10",
    "count/jobs.batch": "30",
    "count/cronjobs.batch": "10",
    "count/ingresses.networking.k8s.io": "10",
}
# so that a pod that says nothing about resources is admitted, and many of them fit on a node
CONTAINER_LIMITS: Mapping[str, Mapping[str, str]] = {
    "defaultRequest": {"cpu": "10m", "memory": "16Mi"},
    "default": {"cpu": "500m", "memory": "256Mi"},
    "max": {"cpu": "2", "memory": "2Gi"},
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What the objects are made from."""

    namespace: str
    owner: str  # a hash: the cluster need not know who studies
    site: str  # a hash: several sites may share a cluster
    home: str = ""  # of a further namespace: the sandbox's first one, where its student is

    @property
    def labels(self) -> dict[str, str]:
        """Of a sandbox's further namespaces the first one's labels tell enough."""
        return {MANAGED_BY: APP} if self.home else {MANAGED_BY: APP, SITE: self.site, OWNER: self.owner}

    @property
    def student_namespace(self) -> str:
        return self.home or self.namespace


def namespace(plan: Plan, host_path: bool = False) -> Obj:
    """Pods that reach for the node are refused, unless the nodes are nobody's machines and the exercise is about that
    (`host_path`); what the strictest level would not like is only warned of."""
    enforced = "privileged" if host_path else "baseline"
    security = {"pod-security.kubernetes.io/enforce": enforced, "pod-security.kubernetes.io/warn": "restricted"}
    labels = {**plan.labels, SANDBOX: plan.student_namespace, **security}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": plan.namespace, "labels": labels}}


def fixtures(plan: Plan) -> list[Obj]:
    """Everything that stands in the namespace before anybody has done anything; also after each reset."""
    return [_quota(plan), _limits(plan), _network(plan), *_accounts(plan), _role(plan), _binding(plan)]


def _fixture(plan: Plan, api_version: str, kind: str, name: str, **parts: Any) -> Obj:
    metadata = {"name": name, "namespace": plan.namespace, "labels": plan.labels}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **parts}


def _quota(plan: Plan) -> Obj:
    return _fixture(plan, "v1", "ResourceQuota", "sandbox", spec={"hard": dict(QUOTA)})


def _limits(plan: Plan) -> Obj:
    limits = [{"type": "Container", **{name: dict(values) for name, values in CONTAINER_LIMITS.items()}}]
    return _fixture(plan, "v1", "LimitRange", "sandbox", spec={"limits": limits})


def _network(plan: Plan) -> Obj:
    """Students' pods talk to each other inside one sandbox, to the cluster's DNS and to the usual ingress controller,
    which passes requests on to them."""
    here: Obj = {"namespaceSelector": {"matchLabels": {SANDBOX: plan.student_namespace}}}
    dns = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}
    front = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}}
    ports = [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]
    spec = {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [here, front]}],
        "egress": [{"to": [here, front]}, {"to": [dns], "ports": ports}],
    }
    return _fixture(plan, "networking.k8s.io/v1", "NetworkPolicy", "sandbox", spec=spec)


def _accounts(plan: Plan) -> list[Obj]:
    """`default` is what pods run as: made here, so that no pod comes before the controller has made it."""
    names = ("default",) if plan.home else ("default", STUDENT)
    return [_fixture(plan, "v1", "ServiceAccount", name) for name in names]


def _role(plan: Plan) -> Obj:
    rules = [
        {"apiGroups": [group], "resources": list(resources), "verbs": list(verbs)} for group, resources, verbs in RULES
    ]
    return _fixture(plan, "rbac.authorization.k8s.io/v1", "Role", STUDENT, rules=rules)


def _binding(plan: Plan) -> Obj:
    return _fixture(
        plan,
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        STUDENT,
        roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": STUDENT},
        subjects=[{"kind": "ServiceAccount", "name": STUDENT, "namespace": plan.student_namespace}],
    )
