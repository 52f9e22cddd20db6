"""What a student may do inside the namespace, and which of its kinds a reset empties.

Nothing here lets anybody give out rights: no roles, no bindings, no service accounts, no tokens; and what bounds a
student (quota, limits) can be read only.
"""

from __future__ import annotations

READ = ("get", "list", "watch")
WRITE = ("create", "update", "patch", "delete", "deletecollection")
ALL = (*READ, *WRITE)

# (apiVersion, kind, plural), owners before what they own, pods after everything that would make new ones
WORK: tuple[tuple[str, str, str], ...] = (
    ("batch/v1", "CronJob", "cronjobs"),
    ("batch/v1", "Job", "jobs"),
    ("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
    ("apps/v1", "Deployment", "deployments"),
    ("apps/v1", "StatefulSet", "statefulsets"),
    ("apps/v1", "DaemonSet", "daemonsets"),
    ("apps/v1", "ReplicaSet", "replicasets"),
    ("v1", "ReplicationController", "replicationcontrollers"),
    ("networking.k8s.io/v1", "Ingress", "ingresses"),
    ("v1", "Service", "services"),
    ("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"),
    ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"),
    ("v1", "ConfigMap", "configmaps"),
    ("v1", "Secret", "secrets"),
    ("v1", "Pod", "pods"),
    ("v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
)


def _of(group: str) -> tuple[str, ...]:
    return tuple(plural for version, _, plural in WORK if version.rpartition("/")[0] == group)


SCALED = ("deployments/scale", "replicasets/scale", "statefulsets/scale")

# (API group, resources, verbs)
RULES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("", _of(""), ALL),
    ("", ("pods/log", "pods/status", "services/status", "persistentvolumeclaims/status"), ("get",)),
    ("", ("pods/exec", "pods/attach", "pods/portforward"), ("get", "create")),
    ("", ("pods/eviction",), ("create",)),
    ("", ("pods/proxy",), ("get",)),  # the links of `kubectl port-forward`
    ("", ("replicationcontrollers/scale",), ("get", "update", "patch")),
    ("", ("endpoints", "events", "serviceaccounts", "resourcequotas", "limitranges"), READ),
    ("apps", _of("apps"), ALL),
    ("apps", SCALED, ("get", "update", "patch")),
    ("apps", ("controllerrevisions",), READ),
    ("batch", _of("batch"), ALL),
    ("autoscaling", _of("autoscaling"), ALL),
    ("networking.k8s.io", _of("networking.k8s.io"), ALL),
    ("policy", _of("policy"), ALL),
    ("discovery.k8s.io", ("endpointslices",), READ),
    ("events.k8s.io", ("events",), READ),
    ("metrics.k8s.io", ("pods",), READ),
    ("rbac.authorization.k8s.io", ("roles", "rolebindings"), READ),
)
