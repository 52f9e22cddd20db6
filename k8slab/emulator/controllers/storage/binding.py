"""The writes that tie a claim and a volume together, and apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.emulator.ports import Api, Obj

CLAIMS, VOLUMES, CLASSES = "persistentvolumeclaims", "persistentvolumes", "storageclasses.storage.k8s.io"
BOUND, BY_CONTROLLER = "pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller"
PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"


def annotations_of(obj: Obj) -> Mapping[str, str]:
    return obj["metadata"].get("annotations") or {}


def annotated(obj: Obj, **more: Any) -> Obj:
    """The object with annotations (of `annotations`) and spec fields (of `spec`) added."""
    meta = {**obj["metadata"], "annotations": {**annotations_of(obj), **more.get("annotations", {})}}
    return {**obj, "metadata": meta, "spec": {**obj["spec"], **more.get("spec", {})}}


def claim_ref(claim: Obj) -> dict[str, str]:
    meta = claim["metadata"]
    return {
        "kind": "PersistentVolumeClaim",
        "namespace": meta["namespace"],
        "name": meta["name"],
        "uid": meta["uid"],
        "apiVersion": "v1",
        "resourceVersion": meta["resourceVersion"],
    }


def set_phase(api: Api, resource: str, obj: Obj, phase: str, now: str, **more: Any) -> Obj:
    """The status with the phase and what else belongs to it; fields not named go."""
    old = obj.get("status") or {}
    status: dict[str, Any] = {"phase": phase, **more}
    if resource == VOLUMES:
        moved = old.get("phase") != phase or "lastPhaseTransitionTime" not in old
        status["lastPhaseTransitionTime"] = now if moved else old["lastPhaseTransitionTime"]
    return obj if status == old else api.update(resource, {**obj, "status": status}, "status")


def bind(api: Api, claim: Obj, volume: Obj, now: str) -> None:
    """Both sides, the volume first: a half-done binding is finished by doing it again."""
    ref = volume["spec"].get("claimRef") or {}
    if ref.get("uid") != claim["metadata"]["uid"]:
        # A claimRef that an administrator wrote is completed; one that is ours is marked so.
        mark = {} if ref else {BY_CONTROLLER: "yes"}
        if mark:
            volume = api.update(VOLUMES, annotated(volume, annotations=mark, spec={"claimRef": claim_ref(claim)}))
        else:
            volume = api.update(VOLUMES, {**volume, "spec": {**volume["spec"], "claimRef": claim_ref(claim)}})
    volume = set_phase(api, VOLUMES, volume, "Bound", now)
    name = volume["metadata"]["name"]
    marks = {BOUND: "yes"} | ({} if claim["spec"].get("volumeName") else {BY_CONTROLLER: "yes"})
    if BOUND not in annotations_of(claim) or claim["spec"].get("volumeName") != name:
        claim = api.update(CLAIMS, annotated(claim, annotations=marks, spec={"volumeName": name}))
    show_bound(api, claim, volume, now)


def show_bound(api: Api, claim: Obj, volume: Obj, now: str) -> None:
    spec = volume["spec"]
    shown = {"accessModes": spec.get("accessModes"), "capacity": spec.get("capacity")}
    set_phase(api, CLAIMS, claim, "Bound", now, **shown)
