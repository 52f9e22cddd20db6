"""Binds claims and volumes, and reclaims volumes whose claim has gone."""

from __future__ import annotations

from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.pods import is_terminating
from k8slab.emulator.controllers.storage.binding import (
    BOUND,
    BY_CONTROLLER,
    CLAIMS,
    CLASSES,
    PROVISIONED_BY,
    VOLUMES,
    annotated,
    annotations_of,
    bind,
    set_phase,
    show_bound,
)
from k8slab.emulator.controllers.storage.match import class_name, find_volume, mode_of, refers_to, suits
from k8slab.emulator.controllers.storage.provision import OWN_PROVISIONER
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.status import ApiError

SELECTED_NODE = "volume.kubernetes.io/selected-node"
PROVISIONER_NOTES = ("volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner")
EXTERNAL = (
    "Waiting for a volume to be created either by the external provisioner '{0}' or manually by the system "
    "administrator. If volume creation is delayed, please verify that the provisioner is running and correctly "
    "registered."
)
LOST = "Bound claim has lost its PersistentVolume. Data on the volume is lost!"
LOST_REFERENCE = "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!"
MISBOUND = "Two claims are bound to the same volume, this one is bound incorrectly"


@controller("persistentvolume-binder")
class Binder:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._events = desk.events("persistentvolume-controller")
        cache = desk.cache
        self._claims, self._volumes, self._classes = cache.of(CLAIMS), cache.of(VOLUMES), cache.of(CLASSES)
        self._queue = desk.queue("persistentvolumeclaim", self.reconcile_claim)
        self._volume_queue = desk.queue("persistentvolume", self.reconcile_volume)
        self._pending: set[str] = set()
        self._claims.on_change(self._claim_changed)
        self._volumes.on_change(self._volume_changed)
        self._classes.on_change(lambda _: self._wake_pending())

    def _claim_changed(self, change: Change) -> None:
        key = key_of(change.new)
        self._queue.add(key)
        name = change.new["spec"].get("volumeName")
        if name:
            self._volume_queue.add(name)
        if change.type == "DELETED":
            self._pending.discard(key)

    def _volume_changed(self, change: Change) -> None:
        self._volume_queue.add(key_of(change.new))
        ref = change.new["spec"].get("claimRef")
        if ref:
            self._queue.add(f"{ref.get('namespace')}/{ref.get('name')}")
        else:
            self._wake_pending()

    def _wake_pending(self) -> None:
        for key in sorted(self._pending):
            self._queue.add(key)

    # Claims

    def reconcile_claim(self, key: str) -> None:
        claim = self._claims.get(key)
        if claim is None or is_terminating(claim):
            self._pending.discard(key)
            return
        if BOUND in annotations_of(claim):
            self._pending.discard(key)
            self._keep_bound(claim)
        else:
            self._pending.add(key)
            self._seek(claim)

    def _keep_bound(self, claim: Obj) -> None:
        name = claim["spec"].get("volumeName")
        if not name:
            self._lose(claim, LOST_REFERENCE)
            return
        volume = self._volumes.get(name)
        if volume is None:
            self._lose(claim, LOST)
        elif not volume["spec"].get("claimRef") or refers_to(volume, claim):
            bind(self._api, claim, volume, self._desk.now())
        else:
            self._lose(claim, MISBOUND, "ClaimMisbound")

    def _lose(self, claim: Obj, message: str, reason: str = "ClaimLost") -> None:
        if (claim.get("status") or {}).get("phase") != "Lost":
            set_phase(self._api, CLAIMS, claim, "Lost", self._desk.now())
            self._events.warning(claim, reason, message)

    def _seek(self, claim: Obj) -> None:
        wanted = claim["spec"].get("volumeName")
        if wanted:
            self._take_named(claim, wanted)
            return
        volume = find_volume(claim, self._volumes.all())
        if volume is not None and (refers_to(volume, claim) or not self._waits(claim)):
            bind(self._api, claim, volume, self._desk.now())
            return
        self._show_pending(claim)
        if self._waits(claim):
            self._tell_waiting(claim)
        else:
            self._provision(claim)

    def _take_named(self, claim: Obj, name: str) -> None:
        volume = self._volumes.get(name)
        if volume is None:
            self._show_pending(claim)
            return
        ref = volume["spec"].get("claimRef")
        if ref and not refers_to(volume, claim):
            self._show_pending(claim)
            text = f'volume "{name}" already bound to a different claim.'
            self._events.warning(claim, "FailedBinding", text)
        elif not ref and not suits(volume, claim):
            self._show_pending(claim)
            text = f'Cannot bind to requested volume "{name}": {_mismatch(volume, claim)}'
            self._events.warning(claim, "VolumeMismatch", text)
        else:
            bind(self._api, claim, volume, self._desk.now())

    def _show_pending(self, claim: Obj) -> None:
        if (claim.get("status") or {}).get("phase") != "Pending":
            set_phase(self._api, CLAIMS, claim, "Pending", self._desk.now())

    def _waits(self, claim: Obj) -> bool:
        """The class binds when a pod needs the claim, and no pod has been placed yet."""
        found = self._classes.get(class_name(claim)) or {}
        delayed = found.get("volumeBindingMode") == "WaitForFirstConsumer"
        return delayed and SELECTED_NODE not in annotations_of(claim)

    def _tell_waiting(self, claim: Obj) -> None:
        text = "waiting for first consumer to be created before binding"
        self._events.normal(claim, "WaitForFirstConsumer", text)

    def _provision(self, claim: Obj) -> None:
        name = class_name(claim)
        if not name:
            text = "no persistent volumes available for this claim and no storage class is set"
            self._events.normal(claim, "FailedBinding", text)
            return
        found = self._classes.get(name)
        if found is None:
            text = f'storageclass.storage.k8s.io "{name}" not found'
            self._events.warning(claim, "ProvisioningFailed", text)
            return
        provisioner = found.get("provisioner", "")
        if provisioner == "kubernetes.io/no-provisioner":
            text = "no persistent volumes available for this claim and no storage class is set"
            self._events.normal(claim, "FailedBinding", text)
            return
        fresh = self._claims.get(key_of(claim)) or claim
        notes = dict.fromkeys(PROVISIONER_NOTES, provisioner)
        if notes.items() - annotations_of(fresh).items():
            fresh = self._api.update(CLAIMS, annotated(fresh, annotations=notes))
            self._events.normal(fresh, "ExternalProvisioning", EXTERNAL.format(provisioner))

    # Volumes

    def reconcile_volume(self, name: str) -> None:
        volume = self._volumes.get(name)
        if volume is None:
            return
        ref = volume["spec"].get("claimRef")
        now = self._desk.now()
        if not ref or not ref.get("uid"):
            set_phase(self._api, VOLUMES, volume, "Available", now)
            return
        claim = self._claims.get(f"{ref['namespace']}/{ref['name']}")
        if claim is not None and claim["metadata"]["uid"] == ref["uid"]:
            if claim["spec"].get("volumeName") == name and BOUND in annotations_of(claim):
                set_phase(self._api, VOLUMES, volume, "Bound", now)
                show_bound(self._api, claim, volume, now)
            elif not claim["spec"].get("volumeName"):
                self._queue.add(key_of(claim))
            elif BY_CONTROLLER in annotations_of(volume):
                self._unbind(volume)
            return
        self._release(volume)

    def _unbind(self, volume: Obj) -> None:
        """The claim went to another volume: this one is free again."""
        spec = {key: value for key, value in volume["spec"].items() if key != "claimRef"}
        self._api.update(VOLUMES, {**volume, "spec": spec})

    def _release(self, volume: Obj) -> None:
        phase = (volume.get("status") or {}).get("phase")
        if phase == "Failed":
            return
        volume = set_phase(self._api, VOLUMES, volume, "Released", self._desk.now())
        if volume["spec"].get("persistentVolumeReclaimPolicy") == "Delete" and not is_terminating(volume):
            self._reclaim(volume)

    def _reclaim(self, volume: Obj) -> None:
        """Deletes what its provisioner, or the old host path plugin, can delete; else says why not."""
        name, provisioner = volume["metadata"]["name"], annotations_of(volume).get(PROVISIONED_BY)
        path = (volume["spec"].get("hostPath") or {}).get("path")
        on_tmp = provisioner is None and (path or "").startswith("/tmp/")  # noqa: S108 - a path on a simulated node
        if provisioner == OWN_PROVISIONER or on_tmp:
            try:
                self._api.delete(VOLUMES, name)
            except ApiError as error:
                if error.code != 404:
                    raise
        elif provisioner is None:
            why = f'error getting deleter volume plugin for volume "{name}": no deletable volume plugin matched'
            if path is not None:
                why = f"host_path deleter only supports /tmp/.+ but received provided {path}"
            set_phase(self._api, VOLUMES, volume, "Failed", self._desk.now(), message=why)
            self._events.warning(volume, "VolumeFailedDelete", why)


def _mismatch(volume: Obj, claim: Obj) -> str:
    if class_name(volume) != class_name(claim):
        return "storageClassName does not match"
    if mode_of(volume) != mode_of(claim):
        return "incompatible volumeMode"
    modes = set(claim["spec"].get("accessModes") or ())
    if not modes <= set(volume["spec"].get("accessModes") or ()):
        return "incompatible accessMode"
    return "requested PV is too small"
