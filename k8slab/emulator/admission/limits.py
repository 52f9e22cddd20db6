"""LimitRanger: default requests and limits, then the bounds."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from k8slab.emulator.admission.chain import Attributes, mutating, validating
from k8slab.emulator.admission.pods import is_new_pod
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import canonical, parse, render
from k8slab.emulator.status import forbidden

ANNOTATION = "kubernetes.io/limit-ranger"


def _limits(cluster: Cluster, namespace: str) -> Iterator[Obj]:
    for one in cluster.store.list("limitranges", namespace):
        yield from (one.get("spec") or {}).get("limits") or []


@mutating(20)
def default_limits(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    if not is_new_pod(attributes):
        return
    defaults = [one for one in _limits(cluster, attributes.namespace) if one.get("type") == "Container"]
    if not defaults:
        return
    spec, notes = attributes.obj["spec"], []
    for field, word in (("containers", "container"), ("initContainers", "init container")):
        for container in spec.get(field) or []:
            notes += _fill(container, defaults, word)
    if notes:
        annotations = attributes.obj["metadata"].setdefault("annotations", {})
        annotations[ANNOTATION] = "LimitRanger plugin set: " + "; ".join(notes)


def _fill(container: Obj, defaults: list[Obj], word: str) -> list[str]:
    resources = container.setdefault("resources", {})
    notes = []
    for part, source in (("requests", "defaultRequest"), ("limits", "default")):
        added = []
        for limit in defaults:
            for name, amount in sorted((limit.get(source) or {}).items()):
                if name not in (resources.get(part) or {}):
                    resources.setdefault(part, {})[name] = canonical(amount)
                    added.append(name)
        if added:
            notes.append(f"{', '.join(added)} {part[:-1]} for {word} {container.get('name', '')}")
    return notes


@validating(20)
def check_limits(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    if attributes.operation not in ("CREATE", "UPDATE") or attributes.subresource:
        return
    key = attributes.kind.key
    problems: list[str] = []
    if key == "pods" and attributes.operation == "CREATE":
        for limit in _limits(cluster, attributes.namespace):
            problems += _pod_problems(limit, attributes.obj["spec"])
    elif key == "persistentvolumeclaims":
        requests = (attributes.obj["spec"].get("resources") or {}).get("requests") or {}
        for limit in _limits(cluster, attributes.namespace):
            if limit.get("type") == "PersistentVolumeClaim":
                problems += _bounds(limit, "PersistentVolumeClaim", requests, requests)
    if problems:
        why = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
        raise forbidden(attributes.kind.plural, attributes.kind.group, attributes.name, why)


def _pod_problems(limit: Obj, spec: Obj) -> list[str]:
    kind = limit.get("type", "")
    containers = [*(spec.get("containers") or []), *(spec.get("initContainers") or [])]
    if kind == "Container":
        found = []
        for container in containers:
            resources = container.get("resources") or {}
            found += _bounds(limit, kind, resources.get("requests") or {}, resources.get("limits") or {})
        return found
    if kind == "Pod":
        sums = []
        for part in ("requests", "limits"):
            total: dict[str, str] = {}
            for container in spec.get("containers") or []:
                for name, amount in ((container.get("resources") or {}).get(part) or {}).items():
                    total[name] = render(
                        parse(total.get(name, "0")) + parse(amount), "binary" if name == "memory" else "decimal"
                    )
            sums.append(total)
        return _bounds(limit, kind, sums[0], sums[1])
    return []


def _bounds(limit: Obj, kind: str, requests: Obj, limits: Obj) -> list[str]:
    found = []
    for name, least in (limit.get("min") or {}).items():
        request = requests.get(name)
        if request is None:
            found.append(f"minimum {name} usage per {kind} is {least}.  No request is specified")
        elif parse(request) < parse(least):
            found.append(f"minimum {name} usage per {kind} is {least}, but request is {request}")
    for name, most in (limit.get("max") or {}).items():
        value = limits.get(name)
        if value is None:
            found.append(f"maximum {name} usage per {kind} is {most}.  No limit is specified")
        elif parse(value) > parse(most):
            found.append(f"maximum {name} usage per {kind} is {most}, but limit is {value}")
    for name, ratio in (limit.get("maxLimitRequestRatio") or {}).items():
        request, value = requests.get(name), limits.get(name)
        if request and value and parse(request) > 0 and parse(value) / parse(request) > parse(ratio):
            actual = (parse(value) / parse(request)).quantize(Decimal("1.000000"))
            found.append(f"{name} max limit to request ratio per {kind} is {ratio}, but provided ratio is {actual}")
    return found
