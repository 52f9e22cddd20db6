"""A StatefulSet's pods and claims: made, and taken away, with the events of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.events import Events
from k8slab.emulator.controllers.stateful import identity
from k8slab.emulator.ports import Api, Obj
from k8slab.emulator.status import ApiError

CLAIMS = "persistentvolumeclaims"


class SetPods:
    def __init__(self, api: Api, events: Events) -> None:
        self._api, self._events = api, events

    def create(self, owner: Obj, template: Mapping[str, Any], ordinal: int, revision: str) -> None:
        body = identity.pod_of(owner, template, ordinal, revision)
        name = body["metadata"]["name"]
        self._create_claims(owner, ordinal, name)
        try:
            self._api.create("pods", body, owner["metadata"]["namespace"])
        except ApiError as error:
            self._tell_failure(owner, "Create", f"Pod {name} in", error)
            raise
        self._tell(owner, "Create", f"Create Pod {name} in StatefulSet {owner['metadata']['name']} successful")

    def _create_claims(self, owner: Obj, ordinal: int, pod: str) -> None:
        namespace = owner["metadata"]["namespace"]
        for claim in identity.claims(owner, ordinal):
            name = claim["metadata"]["name"]
            held = self._api.find(CLAIMS, name, namespace)
            if held is not None:
                self._disown(held)
                continue
            try:
                self._api.create(CLAIMS, claim, namespace)
            except ApiError as error:
                self._tell_failure(owner, "Create", f"Claim {name} for Pod {pod} in", error)
                raise
            self._tell(
                owner, "Create", f"Create Claim {name} Pod {pod} in StatefulSet {owner['metadata']['name']} success"
            )

    def _disown(self, claim: Obj) -> None:
        """A claim that was to go with its scaled down pod stays when the pod comes back."""
        meta = claim["metadata"]
        owners = [o for o in meta.get("ownerReferences") or () if o["kind"] != "Pod"]
        if len(owners) == len(meta.get("ownerReferences") or ()):
            return
        kept = {key: value for key, value in meta.items() if key != "ownerReferences"}
        changed = {**kept, **({"ownerReferences": owners} if owners else {})}
        self._api.update(CLAIMS, {**claim, "metadata": changed})

    def retire(self, owner: Obj, pod: Obj) -> None:
        """Deletes a pod that the set has grown too small for; its claims go with it where the set says so."""
        ordinal = identity.ordinal_of(owner, pod)
        if identity.retention(owner, "whenScaled") == "Delete" and ordinal is not None:
            for template in owner["spec"].get("volumeClaimTemplates") or ():
                name = identity.claim_name(owner, template, ordinal)
                claim = self._api.find(CLAIMS, name, owner["metadata"]["namespace"])
                if claim is not None and not podlib.is_terminating(claim):
                    reference = podlib.owner_reference({"apiVersion": "v1", "kind": "Pod", "metadata": pod["metadata"]})
                    self._api.update(
                        CLAIMS, {**claim, "metadata": {**claim["metadata"], "ownerReferences": [reference]}}
                    )
        self.delete(owner, pod)

    def delete(self, owner: Obj, pod: Obj) -> None:
        meta = pod["metadata"]
        try:
            self._api.delete("pods", meta["name"], meta["namespace"], uid=meta["uid"])
        except ApiError as error:
            if error.code == 404:
                return
            self._tell_failure(owner, "Delete", f"Pod {meta['name']} in", error)
            raise
        self._tell(owner, "Delete", f"Delete Pod {meta['name']} in StatefulSet {owner['metadata']['name']} successful")

    def replace_ended(self, owner: Obj, pod: Obj) -> None:
        title = f"StatefulSet {owner['metadata']['namespace']}/{owner['metadata']['name']}"
        if podlib.phase(pod) == "Failed":
            text = f"{title} is recreating failed Pod {pod['metadata']['name']}"
            self._events.warning(owner, "RecreatingFailedPod", text)
        else:
            text = f"{title} is recreating terminated Pod {pod['metadata']['name']}"
            self._events.normal(owner, "RecreatingTerminatedPod", text)
        self.delete(owner, pod)

    def _tell(self, owner: Obj, verb: str, text: str) -> None:
        self._events.normal(owner, f"Successful{verb}", text)

    def _tell_failure(self, owner: Obj, verb: str, what: str, error: ApiError) -> None:
        text = f"{verb} {what} StatefulSet {owner['metadata']['name']} failed error: {error.message}"
        self._events.warning(owner, f"Failed{verb}", text)
