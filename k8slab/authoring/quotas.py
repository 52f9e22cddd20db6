"""How much of a sandbox's quota an exercise takes when it is solved, and whether its containers keep within limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from k8slab.catalog.positions import Path as Place
from k8slab.grading.quantity import quantity
from k8slab.sandbox.manifests import CONTAINER_LIMITS, QUOTA

from .objects import Manifest, containers

NODES = 3  # of the embedded cluster: a DaemonSet's pods
_COUNTED = {
    "Service": "services",
    "ConfigMap": "configmaps",
    "Secret": "secrets",
    "PersistentVolumeClaim": "persistentvolumeclaims",
    **{
        kind: f"count/{kind.lower()}s.{group}"
        for group, kinds in {
            "apps": ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"),
            "batch": ("Job", "CronJob"),
        }.items()
        for kind in kinds
    },
    "Ingress": "count/ingresses.networking.k8s.io",
}


def exceeded(manifests: Iterable[Manifest]) -> Iterator[str]:
    """All of them together, as they stand when everything is there."""
    used: dict[str, Fraction] = {}
    for manifest in manifests:
        for name, amount in _usage(manifest):
            used[name] = used.get(name, Fraction()) + amount
    for name, limit in QUOTA.items():
        if used.get(name, 0) > _amount(limit):
            yield f"takes more of the quota '{name}' than the {limit} that a sandbox has: {float(used[name]):g}"


def beyond(manifest: Manifest) -> Iterator[tuple[Place, str]]:
    """Containers that the sandbox's LimitRange would refuse."""
    for place, pod in manifest.pods():
        for at, container in containers(place, pod):
            for name in ("cpu", "memory"):
                request, limit = _wanted(container, "requests", name), _wanted(container, "limits", name)
                if limit > _amount(CONTAINER_LIMITS["max"][name]):
                    yield (*at, "resources"), f"a container may have {CONTAINER_LIMITS['max'][name]} {name} at most"
                elif request > limit:
                    yield (*at, "resources"), f"requests more {name} than its limit of {float(limit):g}"


def _usage(manifest: Manifest) -> Iterator[tuple[str, Fraction]]:
    spec = manifest.obj.get("spec") or {}
    if manifest.kind in _COUNTED:
        yield _COUNTED[manifest.kind], Fraction(1)
    if manifest.kind == "Service":
        yield from _ports(spec)
    elif manifest.kind == "PersistentVolumeClaim":
        yield "requests.storage", _storage(spec)
    for place, pod in manifest.pods():
        count = _pods(manifest.kind, spec)
        yield "pods", Fraction(count)
        for what in ("requests", "limits"):
            for name in ("cpu", "memory"):
                yield f"{what}.{name}", count * _of_pod(place, pod, what, name)
    for claim in spec.get("volumeClaimTemplates") or ():
        count = _pods(manifest.kind, spec)
        yield "persistentvolumeclaims", Fraction(count)
        yield "requests.storage", count * _storage(claim.get("spec") or {})


def _ports(spec: Mapping[str, Any]) -> Iterator[tuple[str, Fraction]]:
    if spec.get("type") in ("NodePort", "LoadBalancer"):
        yield "services.nodeports", Fraction(len(spec.get("ports") or ()))
    if spec.get("type") == "LoadBalancer":
        yield "services.loadbalancers", Fraction(1)


def _pods(kind: str, spec: Mapping[str, Any]) -> int:
    """At once, with those that a rolling update has beyond."""
    if kind == "DaemonSet":
        return NODES
    if kind in ("Job", "CronJob"):
        job = spec if kind == "Job" else ((spec.get("jobTemplate") or {}).get("spec") or {})
        return _whole(job.get("parallelism"), 1)
    replicas = 1 if kind == "Pod" else _whole(spec.get("replicas"), 1)
    return replicas + (_surge(spec, replicas) if kind == "Deployment" else 0)


def _surge(spec: Mapping[str, Any], replicas: int) -> int:
    strategy = spec.get("strategy") or {}
    if strategy.get("type") == "Recreate":
        return 0
    surge = (strategy.get("rollingUpdate") or {}).get("maxSurge", "25%")
    if isinstance(surge, str) and surge.endswith("%"):
        return ceil(replicas * int(surge[:-1]) / 100)
    return _whole(surge, 0)


def _of_pod(place: Place, pod: Mapping[str, Any], what: str, name: str) -> Fraction:
    """Containers run together; those that come before them, one by one."""
    together, before = Fraction(), Fraction()
    for at, container in containers(place, pod):
        amount = _wanted(container, what, name)
        if at[-2] == "initContainers" and container.get("restartPolicy") != "Always":
            before = max(before, amount)
        else:
            together += amount
    return max(together, before)


def _wanted(container: Mapping[str, Any], what: str, name: str) -> Fraction:
    resources = container.get("resources") or {}
    said = (resources.get(what) or {}).get(name)
    if said is None and what == "requests":
        said = (resources.get("limits") or {}).get(name)
    default = CONTAINER_LIMITS["defaultRequest" if what == "requests" else "default"][name]
    return _amount(default if said is None else said)


def _storage(claim: Mapping[str, Any]) -> Fraction:
    return _amount(((claim.get("resources") or {}).get("requests") or {}).get("storage", 0))


def _amount(value: Any) -> Fraction:
    return quantity(value) or Fraction()


def _whole(value: Any, default: int) -> int:
    return value if isinstance(value, int) else default
