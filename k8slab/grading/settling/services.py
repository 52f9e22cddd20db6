"""A Service at rest has an address and at least one endpoint that answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..finding import YES, Finding, no, not_yet
from ..kinds import SLICE, WORKLOADS
from ..messages import say
from ..objects import called, dig, entries, finished, has_labels, labels_of, mapping, name_of, terminating
from ..ownership import selected_pods
from ..report import Message
from ..selection import template_labels
from ..spec import Obj
from ..view import View
from .registry import settles

SERVICE_NAME = "kubernetes.io/service-name"
BY_CONTROLLERS = {"pod-template-hash", "controller-revision-hash", "pod-template-generation"}  # nobody selects these


@settles("Service")
def service(view: View, obj: Obj, now: float) -> Finding:
    if dig(obj, "spec", "type") == "ExternalName":
        return YES
    if not dig(obj, "spec", "clusterIP") or _awaits_balancer(obj):
        return not_yet(say("no-address", object=called(obj)), about=[obj])
    return backed(view, obj)


def _awaits_balancer(obj: Obj) -> bool:
    return dig(obj, "spec", "type") == "LoadBalancer" and not entries(obj, "status", "loadBalancer", "ingress")


def backed(view: View, obj: Obj) -> Finding:
    """Whether requests to the Service reach anybody; if not, whether somebody may still turn up."""
    slices = [s for s in view.list(*SLICE) if labels_of(s).get(SERVICE_NAME) == name_of(obj)]
    endpoints = [e for s in slices for e in entries(s, "endpoints")]
    selector = mapping(obj, "spec", "selector")
    if selector and not _fitted(view, obj, selector):
        return no(*_fits_nothing(view, obj, selector), about=[obj])
    port = unnamed_port(view, obj)
    if port:
        return no(say("endpoint-port", object=called(obj), port=port), about=[obj])
    if not endpoints:
        return not_yet(say("no-endpoints", object=called(obj)), about=[obj])
    if not any(_answers(view, endpoint) for endpoint in endpoints):
        return not_yet(say("endpoints-unready", object=called(obj), count=len(endpoints)), about=[obj])
    return YES


def _answers(view: View, endpoint: Mapping[str, Any]) -> bool:
    """Ready, and its pod is not on its way out: the slice may not have heard of that yet."""
    if dig(endpoint, "conditions", "ready") is False:
        return False
    target = mapping(endpoint, "targetRef")
    if target.get("kind") != "Pod":
        return True
    pod = view.find("v1", "Pod", str(target.get("name")))
    return pod is not None and not terminating(pod)


def _fitted(view: View, obj: Obj, selector: Mapping[str, Any]) -> bool:
    """A pod carries the labels, or a workload will make one that does."""
    if any(not finished(pod) for pod in selected_pods(view, obj)):
        return True
    return any(has_labels(template_labels(w), selector) for kind in WORKLOADS for w in view.list(*kind))


def _fits_nothing(view: View, obj: Obj, selector: Mapping[str, Any]) -> list[Message]:
    found = [say("selector-fits-nothing", object=called(obj), selector=pairs(selector))]
    nearest = _nearest(view, selector)
    if nearest is not None:
        labels = {key: value for key, value in labels_of(nearest).items() if key not in BY_CONTROLLERS}
        found.append(say("selector-nearest", pod=called(nearest), labels=pairs(labels)))
    return found


def _nearest(view: View, selector: Mapping[str, Any]) -> Obj | None:
    """The pod that the selector was probably meant for: most labels alike, then most keys alike."""

    def likeness(pod: Obj) -> tuple[int, int, int]:
        labels = labels_of(pod)
        both = sum(labels.get(key) == value for key, value in selector.items())
        return both, sum(key in labels for key in selector), sum(v in labels.values() for v in selector.values())

    pods = [pod for pod in view.pods() if any(likeness(pod)) and not terminating(pod) and not finished(pod)]
    return max(pods, key=likeness, default=None)


def pairs(labels: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels.items())


def unnamed_port(view: View, obj: Obj) -> str:
    """A targetPort that is a name which no container port of the selected pods has."""
    wanted = [p["targetPort"] for p in entries(obj, "spec", "ports") if isinstance(p.get("targetPort"), str)]
    pods = selected_pods(view, obj)
    containers = [c for pod in pods for c in entries(pod, "spec", "containers")]
    names = {port.get("name") for c in containers for port in entries(c, "ports")}
    return next((port for port in wanted if pods and port not in names), "")
