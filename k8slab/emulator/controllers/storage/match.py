"""Which volume suits a claim: the smallest that has what it asks."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from k8slab.emulator.controllers.labels import labels_of, matches
from k8slab.emulator.controllers.quantity import parse
from k8slab.emulator.ports import Obj

BETA_CLASS = "volume.beta.kubernetes.io/storage-class"


def capacity_of(volume: Obj) -> Fraction:
    return parse((volume["spec"].get("capacity") or {}).get("storage", "0"))


def asked_of(claim: Obj) -> Fraction:
    return parse(((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage", "0"))


def class_name(obj: Obj) -> str:
    annotated = (obj["metadata"].get("annotations") or {}).get(BETA_CLASS)
    return str(annotated or obj["spec"].get("storageClassName") or "")


def mode_of(obj: Obj) -> str:
    return str(obj["spec"].get("volumeMode") or "Filesystem")


def refers_to(volume: Obj, claim: Obj) -> bool:
    """The volume's claimRef names this claim, by uid where it has one."""
    ref, meta = volume["spec"].get("claimRef") or {}, claim["metadata"]
    same_name = ref.get("name") == meta["name"] and ref.get("namespace") == meta["namespace"]
    return same_name and ref.get("uid", "") in ("", meta["uid"])


def suits(volume: Obj, claim: Obj) -> bool:
    """Everything but the claimRef: class, size, modes, selector."""
    modes = set(claim["spec"].get("accessModes") or ())
    selector = claim["spec"].get("selector")
    return (
        class_name(volume) == class_name(claim)
        and capacity_of(volume) >= asked_of(claim)
        and modes <= set(volume["spec"].get("accessModes") or ())
        and mode_of(volume) == mode_of(claim)
        and (selector is None or matches(selector, labels_of(volume)))
    )


def find_volume(claim: Obj, volumes: Iterable[Obj], *, delayed: bool = False) -> Obj | None:
    """One that was made for this claim, else the smallest free one that suits. `delayed` skips the check of phases:
    the scheduler reserves before the binder has seen the volume."""
    free = []
    for volume in volumes:
        if "deletionTimestamp" in volume["metadata"]:
            continue
        if refers_to(volume, claim):
            if mode_of(volume) == mode_of(claim) and capacity_of(volume) >= asked_of(claim):
                return volume
            continue
        available = delayed or (volume.get("status") or {}).get("phase") in ("Available", "Pending", None)
        if not volume["spec"].get("claimRef") and available and suits(volume, claim):
            free.append(volume)
    return min(free, key=lambda v: (capacity_of(v), v["metadata"]["name"]), default=None)
