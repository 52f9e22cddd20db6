"""What grading knows about kinds: their usual version, who makes them, and what else a check on one looks at."""

from __future__ import annotations

from collections.abc import Mapping

Kind = tuple[str, str]  # apiVersion, kind

EVENT: Kind = ("v1", "Event")
POD: Kind = ("v1", "Pod")
SERVICE: Kind = ("v1", "Service")
CLAIM: Kind = ("v1", "PersistentVolumeClaim")
DEPLOYMENT: Kind = ("apps/v1", "Deployment")
REPLICA_SET: Kind = ("apps/v1", "ReplicaSet")
STATEFUL_SET: Kind = ("apps/v1", "StatefulSet")
DAEMON_SET: Kind = ("apps/v1", "DaemonSet")
JOB: Kind = ("batch/v1", "Job")
CRON_JOB: Kind = ("batch/v1", "CronJob")
SLICE: Kind = ("discovery.k8s.io/v1", "EndpointSlice")
AUTOSCALER: Kind = ("autoscaling/v2", "HorizontalPodAutoscaler")

# a kind that may be named without its apiVersion
USUAL: Mapping[str, str] = {
    kind: version
    for version, kind in (
        POD, SERVICE, CLAIM, DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, SLICE, AUTOSCALER,
        ("v1", "ConfigMap"), ("v1", "Secret"), ("v1", "PersistentVolume"), ("v1", "ServiceAccount"), ("v1", "Node"),
        ("v1", "Endpoints"), ("v1", "Namespace"), ("networking.k8s.io/v1", "Ingress"),
        ("networking.k8s.io/v1", "NetworkPolicy"),
    )
}  # fmt: skip

# whose pod template makes pods
WORKLOADS: tuple[Kind, ...] = (DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB)

# what a controller of each kind makes
CHILDREN: Mapping[str, tuple[Kind, ...]] = {
    "Deployment": (REPLICA_SET,),
    "ReplicaSet": (POD,),
    "ReplicationController": (POD,),
    "StatefulSet": (POD,),
    "DaemonSet": (POD,),
    "Job": (POD,),
    "CronJob": (JOB,),
}

# who may make objects of each kind
MAKERS: Mapping[str, tuple[Kind, ...]] = {
    "Pod": WORKLOADS,
    "ReplicaSet": (DEPLOYMENT,),
    "Job": (CRON_JOB,),
    "PersistentVolumeClaim": (STATEFUL_SET,),
    "PersistentVolume": (CLAIM,),
    "EndpointSlice": (SERVICE,),
    "Endpoints": (SERVICE,),
}

# what else decides about an object or explains it
IMPLIED: Mapping[str, tuple[Kind, ...]] = {
    "Deployment": (REPLICA_SET, POD),
    "ReplicaSet": (POD,),
    "StatefulSet": (POD, CLAIM),
    "DaemonSet": (POD,),
    "Job": (POD,),
    "CronJob": (JOB, POD),
    "Service": (SLICE, POD),
    "Ingress": (SERVICE, SLICE),
}
