"""Claims of a pod: whether they allow it to run at all, and on which nodes; binding those that wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.emulator.controllers.cache import Cache
from k8slab.emulator.controllers.storage.match import find_volume
from k8slab.emulator.ports import Api, Obj
from k8slab.emulator.scheduler.filters import Objection, matches_terms, no

CLAIMS, VOLUMES, CLASSES = "persistentvolumeclaims", "persistentvolumes", "storageclasses.storage.k8s.io"
SELECTED_NODE = "volume.kubernetes.io/selected-node"
BOUND = "pv.kubernetes.io/bind-completed"


def claim_names(pod: Obj) -> list[str]:
    found = []
    for volume in pod["spec"].get("volumes") or ():
        if volume.get("persistentVolumeClaim"):
            found.append(volume["persistentVolumeClaim"]["claimName"])
        elif volume.get("ephemeral"):
            found.append(f"{pod['metadata']['name']}-{volume['name']}")
    return found


class PodVolumes:
    """The claims of one pod, sorted for one attempt to place it. `refusal` stops the attempt before any node."""

    def __init__(self, pod: Obj, cache: Cache) -> None:
        self._cache = cache
        self.bound: list[Obj] = []  # volumes
        self.waiting: list[Obj] = []  # claims that bind where the pod goes
        self.refusal = self._sort(pod)

    def _sort(self, pod: Obj) -> str | None:
        unbound = False
        for name in claim_names(pod):
            claim = self._cache.of(CLAIMS).get(f"{pod['metadata']['namespace']}/{name}")
            if claim is None:
                return f'persistentvolumeclaim "{name}" not found'
            if "deletionTimestamp" in claim["metadata"]:
                return f'persistentvolumeclaim "{name}" is being deleted'
            if (claim.get("status") or {}).get("phase") == "Lost":
                return (
                    f'persistentvolumeclaim "{name}" bound to non-existent persistentvolume '
                    f'"{claim["spec"].get("volumeName", "")}"'
                )
            volume = self._cache.of(VOLUMES).get(claim["spec"].get("volumeName") or "")
            if volume is not None and BOUND in (claim["metadata"].get("annotations") or {}):
                self.bound.append(volume)
            elif waits_for_consumer(claim, self._cache):
                self.waiting.append(claim)
            else:
                unbound = True
        return "pod has unbound immediate PersistentVolumeClaims" if unbound else None

    def objection(self, node: Obj) -> Objection | None:
        if any(not fits_node(volume, node) for volume in self.bound):
            return no("node(s) didn't match PersistentVolume's node affinity")
        taken: set[str] = set()
        for claim in self.waiting:
            if not self._can_bind(claim, node, taken):
                return no("node(s) didn't find available persistent volumes to bind")
        return None

    def _can_bind(self, claim: Obj, node: Obj, taken: set[str]) -> bool:
        volume = find_volume(claim, self._candidates(node, taken), delayed=True)
        if volume is not None:
            taken.add(volume["metadata"]["name"])
            return True
        provisioner = (class_of(claim, self._cache) or {}).get("provisioner", "")
        return provisioner not in ("", "kubernetes.io/no-provisioner")

    def _candidates(self, node: Obj, taken: set[str]) -> list[Obj]:
        return [v for v in self._cache.of(VOLUMES).all() if v["metadata"]["name"] not in taken and fits_node(v, node)]

    def bind(self, api: Api, node: Obj) -> bool:
        """Lets the waiting claims be bound for this node; False while one still is not."""
        taken: set[str] = set()
        for claim in self.waiting:
            volume = find_volume(claim, self._candidates(node, taken), delayed=True)
            if volume is not None:
                taken.add(volume["metadata"]["name"])
                self._reserve(api, volume, claim)
            elif (claim["metadata"].get("annotations") or {}).get(SELECTED_NODE) != node["metadata"]["name"]:
                note = {"metadata": {"annotations": {SELECTED_NODE: node["metadata"]["name"]}}}
                api.patch(CLAIMS, claim["metadata"]["name"], claim["metadata"]["namespace"], note)
        return not self.waiting

    @staticmethod
    def _reserve(api: Api, volume: Obj, claim: Obj) -> None:
        if volume["spec"].get("claimRef", {}).get("uid") == claim["metadata"]["uid"]:
            return
        meta = claim["metadata"]
        ref = {
            "kind": "PersistentVolumeClaim",
            "namespace": meta["namespace"],
            "name": meta["name"],
            "uid": meta["uid"],
            "apiVersion": "v1",
            "resourceVersion": meta["resourceVersion"],
        }
        annotations = {"pv.kubernetes.io/bound-by-controller": "yes"}
        api.patch(
            VOLUMES,
            volume["metadata"]["name"],
            None,
            {"metadata": {"annotations": annotations}, "spec": {"claimRef": ref}},
        )


def class_of(claim: Obj, cache: Cache) -> Mapping[str, Any] | None:
    return cache.of(CLASSES).get(claim["spec"].get("storageClassName") or "")


def waits_for_consumer(claim: Obj, cache: Cache) -> bool:
    return (class_of(claim, cache) or {}).get("volumeBindingMode") == "WaitForFirstConsumer"


def fits_node(volume: Obj, node: Obj) -> bool:
    required = (volume["spec"].get("nodeAffinity") or {}).get("required")
    return required is None or matches_terms(required.get("nodeSelectorTerms"), node)
