"""ControllerRevisions: what the templates of a StatefulSet or DaemonSet were, numbered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import Informer
from k8slab.emulator.controllers.rollout.template import same_template, template_hash
from k8slab.emulator.ports import Api, Obj
from k8slab.emulator.status import ApiError

RESOURCE = "controllerrevisions.apps"
POD_LABEL = "controller-revision-hash"
KEPT = 10
TRIES = 8  # names of the same hash that others hold


def template_of(revision: Obj) -> dict[str, Any]:
    template: Mapping[str, Any] = revision["data"]["spec"]["template"]
    return {key: value for key, value in template.items() if key != "$patch"}


def number_of(revision: Obj) -> int:
    return int(revision.get("revision") or 0)


class History:
    """`label` is the key under which a revision carries its hash."""

    def __init__(self, api: Api, informer: Informer, label: str) -> None:
        self._api, self._revisions, self._label = api, informer, label

    def of(self, owner: Obj) -> list[Obj]:
        """Oldest first."""
        held = self._revisions.owned_by(owner["metadata"]["uid"])
        return sorted(held, key=lambda r: (number_of(r), r["metadata"]["creationTimestamp"], r["metadata"]["name"]))

    def hash_of(self, revision: Obj) -> str:
        return str((revision["metadata"].get("labels") or {}).get(self._label, ""))

    def newest(self, owner: Obj, **meta: Any) -> Obj:
        """The revision of the owner's template: found, moved to the end (a roll-back), or made."""
        held = self.of(owner)
        following = number_of(held[-1]) + 1 if held else 1
        for revision in reversed(held):
            if same_template(template_of(revision), owner["spec"]["template"]):
                if revision is held[-1]:
                    return revision
                return self._api.update(RESOURCE, {**revision, "revision": following})
        return self._make(owner, following, meta)

    def _make(self, owner: Obj, number: int, meta: Mapping[str, Any]) -> Obj:
        namespace, template = owner["metadata"]["namespace"], owner["spec"]["template"]
        for collisions in range(TRIES):
            value = template_hash(template, collisions)
            labels = {**((template.get("metadata") or {}).get("labels") or {}), self._label: value}
            body = {
                "metadata": {
                    "name": f"{owner['metadata']['name']}-{value}",
                    "labels": labels,
                    "ownerReferences": [podlib.owner_reference(owner)],
                    **meta,
                },
                "data": {"spec": {"template": {**template, "$patch": "replace"}}},
                "revision": number,
            }
            try:
                return self._api.create(RESOURCE, body, namespace)
            except ApiError as error:
                if error.reason != "AlreadyExists" or collisions == TRIES - 1:
                    raise
        raise AssertionError("the last try raises")

    def trim(self, owner: Obj, live: Collection[str]) -> None:
        """Forgets the oldest of those that no pod has, beyond the limit. `live` holds names."""
        limit = owner["spec"].get("revisionHistoryLimit", KEPT)
        idle = [r for r in self.of(owner) if r["metadata"]["name"] not in live]
        for revision in idle[: max(0, len(idle) - limit)]:
            self._api.delete(RESOURCE, revision["metadata"]["name"], revision["metadata"]["namespace"])
