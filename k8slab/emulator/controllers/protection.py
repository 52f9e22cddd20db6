"""Takes the protecting finalizers off claims that no pod uses and volumes that are not bound."""

from __future__ import annotations

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.storage.binding import CLAIMS, VOLUMES
from k8slab.emulator.ports import Change, Obj

OF_CLAIMS, OF_VOLUMES = "kubernetes.io/pvc-protection", "kubernetes.io/pv-protection"


def _claims_of(pod: Obj) -> list[str]:
    meta, found = pod["metadata"], []
    for volume in pod["spec"].get("volumes") or ():
        if volume.get("persistentVolumeClaim"):
            found.append(f"{meta['namespace']}/{volume['persistentVolumeClaim']['claimName']}")
        elif volume.get("ephemeral"):
            found.append(f"{meta['namespace']}/{meta['name']}-{volume['name']}")
    return found


def _without(obj: Obj, finalizer: str) -> Obj:
    rest = [f for f in obj["metadata"].get("finalizers") or () if f != finalizer]
    kept = {key: value for key, value in obj["metadata"].items() if key != "finalizers"}
    return {**obj, "metadata": {**kept, **({"finalizers": rest} if rest else {})}}


@controller("persistentvolumeclaim-protection")
class ClaimProtection:
    def __init__(self, desk: Desk) -> None:
        self._api = desk.api
        self._claims, self._pods = desk.cache.of(CLAIMS), desk.cache.of("pods")
        self._pods.index("claim", _claims_of)
        self._queue = desk.queue("pvc-protection", self.reconcile)
        self._claims.on_change(lambda change: self._queue.add(key_of(change.new)))
        self._pods.on_change(self._pod_changed)

    def _pod_changed(self, change: Change) -> None:
        if change.type == "DELETED" or podlib.is_finished(change.new):
            for key in _claims_of(change.new):
                self._queue.add(key)

    def reconcile(self, key: str) -> None:
        claim = self._claims.get(key)
        if claim is None or not podlib.is_terminating(claim):
            return
        if OF_CLAIMS not in (claim["metadata"].get("finalizers") or ()):
            return
        used = [p for p in self._pods.by("claim", key) if not podlib.is_finished(p) and p["spec"].get("nodeName")]
        if not used:
            self._api.update(CLAIMS, _without(claim, OF_CLAIMS))


@controller("persistentvolume-protection")
class VolumeProtection:
    def __init__(self, desk: Desk) -> None:
        self._api = desk.api
        self._volumes = desk.cache.of(VOLUMES)
        self._queue = desk.queue("pv-protection", self.reconcile)
        self._volumes.on_change(lambda change: self._queue.add(key_of(change.new)))

    def reconcile(self, key: str) -> None:
        volume = self._volumes.get(key)
        if volume is None or not podlib.is_terminating(volume):
            return
        held = OF_VOLUMES in (volume["metadata"].get("finalizers") or ())
        if held and (volume.get("status") or {}).get("phase") != "Bound":
            self._api.update(VOLUMES, _without(volume, OF_VOLUMES))
