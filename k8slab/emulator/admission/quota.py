"""ResourceQuota: refuses what would exceed a quota. Usage is counted afresh: two creations cannot both slip in."""

from __future__ import annotations

from decimal import Decimal

from k8slab.emulator.admission.chain import Attributes, validating
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Obj
from k8slab.emulator.quantity import parse
from k8slab.emulator.quota import Usage, in_scope, shown, usage_of, used_in
from k8slab.emulator.status import forbidden

COMPUTE = ("requests.cpu", "requests.memory", "limits.cpu", "limits.memory", "cpu", "memory",
           "requests.ephemeral-storage", "limits.ephemeral-storage")  # fmt: skip


@validating(90)
def check_quota(cluster: Cluster, call: Call, attributes: Attributes) -> None:
    if attributes.subresource or attributes.operation not in ("CREATE", "UPDATE"):
        return
    quotas = cluster.store.list("resourcequotas", attributes.namespace) if attributes.namespace else []
    if not quotas or (attributes.kind.key == "resourcequotas" and attributes.operation == "UPDATE"):
        return
    resource = attributes.kind.key
    usage = usage_of(resource, attributes.obj)
    before = usage_of(resource, attributes.old) if attributes.old else {}
    for quota in quotas:
        # A quota whose usage has not been counted yet does not limit anything, as in the real server.
        hard = (quota.get("status") or {}).get("hard") or {}
        if hard and in_scope(quota, resource, attributes.obj):
            _check(cluster, attributes, quota, hard, usage, before)


def _check(cluster: Cluster, attributes: Attributes, quota: Obj, hard: Obj, usage: Usage, before: Usage) -> None:
    kind, name = attributes.kind, quota["metadata"]["name"]
    limited = sorted(hard)
    if kind.key == "pods" and attributes.operation == "CREATE":
        missing = _unsaid(attributes.obj["spec"], limited)
        if missing:
            raise forbidden(kind.plural, kind.group, attributes.name, f"failed quota: {name}: must specify {missing}")
    delta = {one: usage.get(one, Decimal(0)) - before.get(one, Decimal(0)) for one in limited if one in usage}
    wanted = {one: amount for one, amount in delta.items() if amount > 0}
    if not wanted:
        return
    used = used_in(cluster.store, quota)
    over = [one for one in limited if one in wanted and used.get(one, Decimal(0)) + wanted[one] > parse(hard[one])]
    if over:
        asked = ",".join(f"{one}={shown(one, wanted[one])}" for one in over)
        had = ",".join(f"{one}={shown(one, used.get(one, Decimal(0)))}" for one in over)
        most = ",".join(f"{one}={hard[one]}" for one in over)
        why = f"exceeded quota: {name}, requested: {asked}, used: {had}, limited: {most}"
        raise forbidden(kind.plural, kind.group, attributes.name, why)


def _unsaid(spec: Obj, limited: list[str]) -> str:
    """Limited resources that a container does not mention: `limits.memory for: c; requests.cpu for: c`."""
    parts = []
    for name in limited:
        if name not in COMPUTE:
            continue
        section, _, resource = name.rpartition(".")
        names = [
            one.get("name", "")
            for one in [*(spec.get("containers") or []), *(spec.get("initContainers") or [])]
            if resource not in ((one.get("resources") or {}).get(section or "requests") or {})
        ]
        if names:
            parts.append(f"{name} for: {','.join(sorted(names))}")
    return "; ".join(parts)
