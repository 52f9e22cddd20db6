"""What a ResourceQuota counts, and what there is of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse, render
from k8slab.emulator.rules.podspec import qos_class
from k8slab.emulator.store import Store

Usage = dict[str, Decimal]
PLAIN_COUNTS = (
    "pods",
    "services",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
)
COMPUTE = ("cpu", "memory", "ephemeral-storage")
FINISHED = ("Succeeded", "Failed")


def usage_of(resource: str, obj: Obj) -> Usage:
    """What one object counts for, under every name that a quota may limit."""
    one = Decimal(1)
    usage: Usage = {f"count/{resource}": one}
    if resource in PLAIN_COUNTS:
        usage[resource] = one
    if resource == "pods":
        if obj.get("status", {}).get("phase") in FINISHED:
            return {f"count/{resource}": one}
        usage |= _pod_usage(obj["spec"])
    elif resource == "services":
        usage |= _service_usage(obj["spec"])
    elif resource == "persistentvolumeclaims":
        usage |= _claim_usage(obj["spec"])
    return usage


def _pod_usage(spec: Obj) -> Usage:
    usage: Usage = {}
    for part in ("requests", "limits"):
        totals: Usage = {}
        for container in spec.get("containers") or []:
            for name, amount in ((container.get("resources") or {}).get(part) or {}).items():
                totals[name] = totals.get(name, Decimal(0)) + parse(amount)
        for container in spec.get("initContainers") or []:
            for name, amount in ((container.get("resources") or {}).get(part) or {}).items():
                if container.get("restartPolicy") == "Always":
                    totals[name] = totals.get(name, Decimal(0)) + parse(amount)
                else:
                    totals[name] = max(totals.get(name, Decimal(0)), parse(amount))
        for name, amount in totals.items():
            usage[f"{part}.{name}"] = amount
            if part == "requests" and name in COMPUTE:
                usage[name] = amount
    return usage


def _service_usage(spec: Obj) -> Usage:
    ports = [port for port in spec.get("ports") or [] if port.get("nodePort")]
    opens = spec.get("type") == "NodePort" or (
        spec.get("type") == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts", True)
    )
    return {
        "services.nodeports": Decimal(len(spec.get("ports") or []) if opens else len(ports)),
        "services.loadbalancers": Decimal(int(spec.get("type") == "LoadBalancer")),
    }


def _claim_usage(spec: Obj) -> Usage:
    requests = (spec.get("resources") or {}).get("requests") or {}
    storage = parse(requests.get("storage", "0"))
    usage = {"requests.storage": storage}
    name = spec.get("storageClassName")
    if name:
        usage[f"{name}.storageclass.storage.k8s.io/requests.storage"] = storage
        usage[f"{name}.storageclass.storage.k8s.io/persistentvolumeclaims"] = Decimal(1)
    return usage


def in_scope(quota: Obj, resource: str, obj: Obj) -> bool:
    spec = quota.get("spec") or {}
    scopes: list[tuple[str, str, list[str]]] = [(one, "Exists", []) for one in spec.get("scopes") or []]
    for one in (spec.get("scopeSelector") or {}).get("matchExpressions") or []:
        scopes.append((one.get("scopeName", ""), one.get("operator", ""), one.get("values") or []))
    return all(_matches(scope, operator, values, resource, obj) for scope, operator, values in scopes)


def _matches(scope: str, operator: str, values: list[str], resource: str, obj: Obj) -> bool:
    if resource != "pods":
        return False
    spec = obj["spec"]
    terminating = spec.get("activeDeadlineSeconds") is not None
    if scope == "PriorityClass":
        name = spec.get("priorityClassName", "")
        return {"In": name in values, "NotIn": name not in values, "Exists": bool(name)}.get(operator, not name)
    best_effort = qos_class(spec) == "BestEffort"
    answers = {
        "BestEffort": best_effort,
        "NotBestEffort": not best_effort,
        "Terminating": terminating,
        "NotTerminating": not terminating,
    }
    return answers.get(scope, False)


def resources_counted(names: Iterable[str]) -> set[str]:
    """The resources of which these limits count objects."""
    found: set[str] = set()
    for name in names:
        if name.startswith("count/"):
            found.add(name.removeprefix("count/"))
        elif name in PLAIN_COUNTS:
            found.add(name)
        elif name.startswith("services."):
            found.add("services")
        elif "storage" in name and "ephemeral" not in name:
            found.add("persistentvolumeclaims")
        else:
            found.add("pods")
    return found


def used_in(store: Store, quota: Obj) -> Usage:
    """What the namespace uses of everything that the quota limits."""
    hard, namespace = (quota.get("spec") or {}).get("hard") or {}, quota["metadata"]["namespace"]
    totals = dict.fromkeys(hard, Decimal(0))
    for resource in resources_counted(hard):
        if resource not in store.resources:
            continue
        for obj in store.list(resource, namespace):
            if in_scope(quota, resource, obj):
                for name, amount in usage_of(resource, obj).items():
                    if name in totals:
                        totals[name] += amount
    return totals


def shown(name: str, amount: Decimal) -> str:
    return render(amount, "binary" if "memory" in name or "storage" in name else "decimal")
