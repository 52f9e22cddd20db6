"""The dynamic provisioner of the `standard` class, which runs beside the binder as a driver would."""

from __future__ import annotations

from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.persistentvolume import PROVISIONER_NOTES, SELECTED_NODE
from k8slab.emulator.controllers.pods import is_terminating
from k8slab.emulator.controllers.storage.binding import BOUND, CLAIMS, CLASSES, VOLUMES, annotations_of
from k8slab.emulator.controllers.storage.match import class_name
from k8slab.emulator.controllers.storage.provision import OWN_PROVISIONER, volume_for


@controller("provisioner")
class Provisioner:
    def __init__(self, desk: Desk) -> None:
        self._api = desk.api
        self._events = desk.events(OWN_PROVISIONER)
        self._claims, self._classes = desk.cache.of(CLAIMS), desk.cache.of(CLASSES)
        self._queue = desk.queue("provisioner", self.reconcile)
        self._claims.on_change(lambda change: self._queue.add(key_of(change.new)))

    def reconcile(self, key: str) -> None:
        claim = self._claims.get(key)
        if claim is None or is_terminating(claim) or claim["spec"].get("volumeName"):
            return
        notes = annotations_of(claim)
        found = self._classes.get(class_name(claim))
        if found is None or BOUND in notes or notes.get(PROVISIONER_NOTES[1]) != OWN_PROVISIONER:
            return
        if found.get("volumeBindingMode") == "WaitForFirstConsumer" and SELECTED_NODE not in notes:
            return
        body = volume_for(claim, found)
        name = body["metadata"]["name"]
        if self._api.find(VOLUMES, name) is not None:
            return
        text = f'External provisioner is provisioning volume for claim "{key}"'
        self._events.normal(claim, "Provisioning", text)
        self._api.create(VOLUMES, body)
        self._events.normal(claim, "ProvisioningSucceeded", f"Successfully provisioned volume {name}")
