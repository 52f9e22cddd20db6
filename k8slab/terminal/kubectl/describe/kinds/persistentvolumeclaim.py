"""Persistent volume claims."""

from __future__ import annotations

from collections.abc import Iterator

from k8slab.kube.client import Obj

from ..about import About, moment
from ..claims import write_claim
from ..events import write_events
from ..metadata import write_list
from ..registry import describes
from ..text import Text


@describes("PersistentVolumeClaim")
def describe(about: About, to: Text) -> None:
    write_claim(to, about.obj, whole=True)
    pods = about.objects("v1", "Pod", about.namespace)
    write_list(to, "Used By", sorted(_users(about, pods)))
    conditions = about.status.get("conditions") or ()
    if conditions:
        to.write(0, "Conditions:\n")
        to.line(1, "Type", "Status", "LastProbeTime", "LastTransitionTime", "Reason", "Message")
        to.line(1, "----", "------", "-----------------", "------------------", "------", "-------")
    for each in conditions:
        times = (moment(each.get("lastProbeTime")), moment(each.get("lastTransitionTime")))
        values = (each.get("type"), each.get("status"), *times, each.get("reason"))
        to.line(1, *(f"{value or ''} " for value in values), str(each.get("message") or ""))
    write_events(about, to)


def _users(about: About, pods: list[Obj]) -> Iterator[str]:
    """The pods that mount the claim or own it; the one that mounts it twice is told twice, as by kubectl."""
    owners = {each.get("uid") for each in about.metadata.get("ownerReferences") or () if each.get("kind") == "Pod"}
    for pod in pods:
        claims = [v.get("persistentVolumeClaim") for v in (pod.get("spec") or {}).get("volumes") or ()]
        mounts = sum(bool(claim) and claim.get("claimName") == about.name for claim in claims)
        owns = not mounts and pod["metadata"].get("uid") in owners
        yield from [str(pod["metadata"]["name"])] * (mounts or owns)
