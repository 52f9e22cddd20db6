"""From `pod`, `deploy/web` or `svc/web` to pods, the most useful one first."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from k8slab.kube.client import Obj

from ..durations import seconds
from ..invocation import Failed, Invocation
from ..requests import get, list_all
from ..resources import Item, find_resource

PAUSE = 0.2  # seconds between looks for a first pod
_GROUPS = ("", "apps", "extensions", "batch")
_SELECTING = frozenset(
    ("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Job", "Service")
)


def named(invocation: Invocation, word: str) -> Item:
    """`web-1` is a pod, `deploy/web` what it says."""
    kind, slash, name = word.partition("/")
    if slash and "/" in name:
        raise Failed("error: arguments in resource/name form may not have more than one slash")
    if slash and not (kind and name):
        raise Failed("error: arguments in resource/name form must have a single resource and name")
    resource = find_resource(invocation, kind if slash else "pods")
    namespace = invocation.namespace if resource.namespaced else None
    name = name if slash else word
    return Item(resource, namespace, name, get(invocation, resource, namespace, name))


def selector_of(item: Item, doing: str) -> str:
    """How the object selects its pods. Raises Failed where its kind selects none."""
    kind = item.resource.kind
    what = f"error: cannot {doing} *{_go_package(item)}.{kind}: "
    if kind not in _SELECTING or item.resource.group not in _GROUPS:
        raise Failed(f"{what}selector for *{_go_package(item)}.{kind} not implemented")
    spec = item.obj.get("spec") or {}
    if kind in ("Service", "ReplicationController"):
        labels = spec.get("selector") or {}
        if not labels:
            raise Failed(f"error: invalid service '{item.name}': Service is defined without a selector")
        return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))
    return _written(spec.get("selector") or {})


def _go_package(item: Item) -> str:
    return item.resource.version


def _written(selector: Mapping[str, Any]) -> str:
    parts = [f"{key}={value}" for key, value in sorted((selector.get("matchLabels") or {}).items())]
    for each in selector.get("matchExpressions") or ():
        key, values = each["key"], ",".join(each.get("values") or ())
        how = {
            "In": f"{key} in ({values})",
            "NotIn": f"{key} notin ({values})",
            "Exists": key,
            "DoesNotExist": f"!{key}",
        }
        parts.append(how[each["operator"]])
    return ",".join(parts)


def pods_of(invocation: Invocation, selector: str, namespace: str | None = None) -> list[Obj]:
    """Best first: those that run and are ready, and among them the oldest."""
    resource = find_resource(invocation, "pods")
    listing = list_all(invocation, resource, namespace or invocation.namespace, labels=selector)
    return sorted(listing["items"], key=_rank)


def first_pod(invocation: Invocation, item: Item, doing: str) -> tuple[Obj, int]:
    """(pod, how many there are). Waits for one to appear; raises Failed."""
    if item.resource.kind == "Pod":
        return item.obj, 1
    selector = selector_of(item, doing)
    end = time.monotonic() + seconds(invocation, "pod-running-timeout")
    while not (pods := pods_of(invocation, selector, item.namespace)):
        if time.monotonic() > end:
            raise Failed("error: timed out waiting for the condition")
        invocation.streams.stop.wait(PAUSE)
    return pods[0], len(pods)


def _rank(pod: Obj) -> tuple[Any, ...]:
    status = pod.get("status") or {}
    conditions = {each["type"]: each for each in status.get("conditions") or ()}
    ready = conditions.get("Ready") or {}
    restarts = max((each.get("restartCount", 0) for each in status.get("containerStatuses") or ()), default=0)
    return (
        not (pod.get("spec") or {}).get("nodeName"),
        {"Running": 0, "Unknown": 1, "Pending": 2}.get(str(status.get("phase")), 0),
        ready.get("status") != "True",
        str(ready.get("lastTransitionTime") or "9") if ready.get("status") == "True" else "",
        restarts,
        str(pod["metadata"].get("creationTimestamp") or "9"),
    )
