"""Who a pod of a StatefulSet is: its number, name, host name, labels and claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.revisions.history import POD_LABEL
from k8slab.emulator.ports import Obj

NAME_LABEL, INDEX_LABEL = "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"


def first_ordinal(owner: Obj) -> int:
    return int((owner["spec"].get("ordinals") or {}).get("start") or 0)


def replicas_of(owner: Obj) -> int:
    replicas = owner["spec"].get("replicas")
    return 1 if replicas is None else int(replicas)


def ordinals(owner: Obj) -> range:
    first = first_ordinal(owner)
    return range(first, first + replicas_of(owner))


def ordinal_of(owner: Obj, pod: Obj) -> int | None:
    """None for a pod whose name is not one of this set's."""
    parent, _, number = str(pod["metadata"]["name"]).rpartition("-")
    return int(number) if parent == owner["metadata"]["name"] and number.isdecimal() else None


def revision_of(pod: Obj) -> str:
    return str((pod["metadata"].get("labels") or {}).get(POD_LABEL, ""))


def claim_name(owner: Obj, template: Mapping[str, Any], ordinal: int) -> str:
    return f"{template['metadata']['name']}-{owner['metadata']['name']}-{ordinal}"


def claims(owner: Obj, ordinal: int) -> list[Obj]:
    """The claims that the pod of this number needs."""
    own = owner["spec"]["selector"].get("matchLabels") or {}
    made = []
    for template in owner["spec"].get("volumeClaimTemplates") or ():
        meta = template["metadata"]
        kept = {key: meta[key] for key in ("annotations", "finalizers") if meta.get(key)}
        labels = {**(meta.get("labels") or {}), **own}
        body: Obj = {
            "metadata": {
                **kept,
                "name": claim_name(owner, template, ordinal),
                **({"labels": labels} if labels else {}),
            },
            "spec": template["spec"],
        }
        if retention(owner, "whenDeleted") == "Delete":
            body["metadata"]["ownerReferences"] = [podlib.owner_reference(owner)]
        made.append(body)
    return made


def retention(owner: Obj, when: str) -> str:
    return str((owner["spec"].get("persistentVolumeClaimRetentionPolicy") or {}).get(when, "Retain"))


def pod_of(owner: Obj, template: Mapping[str, Any], ordinal: int, revision: str) -> Obj:
    name = f"{owner['metadata']['name']}-{ordinal}"
    given = (template.get("metadata") or {}).get("labels") or {}
    labels = {**given, POD_LABEL: revision, NAME_LABEL: name, INDEX_LABEL: str(ordinal)}
    body = podlib.from_template(template, owner, name=name, generateName=f"{owner['metadata']['name']}-", labels=labels)
    spec = {**template["spec"], "hostname": name, "subdomain": owner["spec"].get("serviceName") or ""}
    if not spec["subdomain"]:
        del spec["subdomain"]
    volumes = _volumes(owner, ordinal, template["spec"].get("volumes") or ())
    return {**body, "spec": {**spec, **({"volumes": volumes} if volumes else {})}}


def _volumes(owner: Obj, ordinal: int, given: Sequence[Any]) -> list[Any]:
    """A claim takes the place of the template's volume of the same name."""
    own = [
        {
            "name": template["metadata"]["name"],
            "persistentVolumeClaim": {"claimName": claim_name(owner, template, ordinal)},
        }
        for template in owner["spec"].get("volumeClaimTemplates") or ()
    ]
    names = {volume["name"] for volume in own}
    return [*own, *(volume for volume in given if volume["name"] not in names)]
