"""Objects that the parity tests create. Images are small and on every registry mirror."""

from __future__ import annotations

from typing import Any

Obj = dict[str, Any]
NGINX = "nginx:1.27"
NEWER_NGINX = "nginx:1.28"
BUSYBOX = "busybox:1.36"
FOREVER = ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 1; done"]


def container(name: str = "c", image: str = NGINX, **more: Any) -> Obj:
    return {"name": name, "image": image, **more}


def busybox(script: str, name: str = "c", **more: Any) -> Obj:
    return container(name, BUSYBOX, command=["sh", "-c", script], **more)


def pod(name: str, *containers: Obj, labels: Obj | None = None, **spec: Any) -> Obj:
    grace = {"terminationGracePeriodSeconds": 1}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": labels or {"app": name}},
        "spec": {**grace, "containers": list(containers) or [container()], **spec},
    }


def template(app: str, *containers: Obj) -> Obj:
    spec = {"terminationGracePeriodSeconds": 1, "containers": list(containers) or [container()]}
    return {"metadata": {"labels": {"app": app}}, "spec": spec}


def replica_set(name: str, replicas: int) -> Obj:
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template(name)}
    return {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": name}, "spec": spec}


def deployment(name: str, *containers: Obj, replicas: int = 2, **spec: Any) -> Obj:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": template(name, *containers),
            **spec,
        },
    }


def job(name: str, *containers: Obj, **spec: Any) -> Obj:
    pod_spec = {"restartPolicy": "Never", "terminationGracePeriodSeconds": 1, "containers": list(containers)}
    body = {"template": {"spec": pod_spec}, **spec}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": body}


def cron_job(name: str, *containers: Obj, **spec: Any) -> Obj:
    inner = job(name, *containers)["spec"]
    body = {"schedule": "0 0 1 1 *", "jobTemplate": {"spec": inner}, **spec}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": name}, "spec": body}


def stateful_set(name: str, *containers: Obj, replicas: int = 2, **spec: Any) -> Obj:
    selector = {"matchLabels": {"app": name}}
    body = {"replicas": replicas, "serviceName": name, "selector": selector, "template": template(name, *containers)}
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": name}, "spec": {**body, **spec}}


def daemon_set(name: str, *containers: Obj, pod: Obj | None = None, **spec: Any) -> Obj:
    made = template(name, *containers)
    made["spec"] |= pod or {}
    body = {"selector": {"matchLabels": {"app": name}}, "template": made, **spec}
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": name}, "spec": body}


def service(name: str, app: str, port: int = 80, target: int = 80, **spec: Any) -> Obj:
    ports = [{"port": port, "targetPort": target}]
    spec = {"selector": {"app": app}, "ports": ports, **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def claim(name: str, storage: str = "1Gi", **spec: Any) -> Obj:
    wanted = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage}}, **spec}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": wanted}


def quota(name: str, **hard: str) -> Obj:
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name}, "spec": {"hard": hard}}


def config_map(name: str, **data: str) -> Obj:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}
