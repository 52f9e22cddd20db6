"""The ReplicaSets of a Deployment: which is the new one, which revision each has, and what their annotations say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.desk import Desk
from k8slab.emulator.controllers.rollout import budget, conditions
from k8slab.emulator.controllers.rollout.template import HASH_LABEL, labelled, same_template, template_hash
from k8slab.emulator.ports import Obj
from k8slab.emulator.status import ApiError

REVISION = "deployment.kubernetes.io/revision"
HISTORY = "deployment.kubernetes.io/revision-history"
DESIRED = "deployment.kubernetes.io/desired-replicas"
MAXIMUM = "deployment.kubernetes.io/max-replicas"
NOT_COPIED = {
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    HISTORY,
    DESIRED,
    MAXIMUM,
    "deprecated.deployment.rollback.to",
}
SETS, DEPLOYMENTS = "replicasets.apps", "deployments.apps"


def annotations_of(obj: Obj) -> Mapping[str, str]:
    return obj["metadata"].get("annotations") or {}


def revision_of(obj: Obj) -> int:
    try:
        return int(annotations_of(obj).get(REVISION, "0"))
    except ValueError:
        return 0


def by_age(sets: Iterable[Obj]) -> list[Obj]:
    return sorted(sets, key=lambda rs: (rs["metadata"]["creationTimestamp"], rs["metadata"]["name"]))


def find_new(deployment: Obj, sets: Iterable[Obj]) -> Obj | None:
    """The oldest whose template is the Deployment's."""
    template = deployment["spec"]["template"]
    return next((rs for rs in by_age(sets) if same_template(rs["spec"]["template"], template)), None)


def size_annotations(deployment: Obj) -> dict[str, str]:
    replicas = budget.replicas_of(deployment)
    return {DESIRED: str(replicas), MAXIMUM: str(replicas + budget.max_surge(deployment))}


def set_annotations(deployment: Obj, current: Mapping[str, str], revision: int) -> dict[str, str]:
    """Copied from the Deployment, plus the revision; a revision that it had before goes to the history."""
    made = dict(current)
    for key, value in annotations_of(deployment).items():
        if key not in NOT_COPIED:
            made[key] = value
    old = int(made.get(REVISION) or 0)
    if old < revision:
        made[REVISION] = str(revision)
        if old:
            history = [*filter(None, made.get(HISTORY, "").split(",")), str(old)]
            made[HISTORY] = ",".join(history)
    return made


class Revisions:
    """Finds or makes the new ReplicaSet and keeps revisions in step."""

    def __init__(self, desk: Desk, component: str) -> None:
        self._desk, self._api = desk, desk.api
        self._events = desk.events(component)

    def sync(self, deployment: Obj, sets: list[Obj], *, create: bool) -> tuple[Obj, Obj | None, list[Obj]]:
        """The Deployment as it is then, its new ReplicaSet (None without `create`), and the old ones."""
        new = find_new(deployment, sets)
        old = [rs for rs in sets if new is None or rs["metadata"]["uid"] != new["metadata"]["uid"]]
        revision = max((revision_of(rs) for rs in old), default=0) + 1
        if new is not None:
            new = self._keep(deployment, new, revision)
            deployment = self._found(deployment, new)
        elif create:
            deployment, new = self._make(deployment, old, revision)
        return deployment, new, old

    def _keep(self, deployment: Obj, new: Obj, revision: int) -> Obj:
        meta, spec = new["metadata"], new["spec"]
        annotations = set_annotations(deployment, annotations_of(new), revision)
        seconds = deployment["spec"].get("minReadySeconds") or 0
        if annotations == annotations_of(new) and seconds == (spec.get("minReadySeconds") or 0):
            return new
        spec = {key: value for key, value in spec.items() if key != "minReadySeconds"}
        if seconds:
            spec["minReadySeconds"] = seconds
        return self._api.update(SETS, {**new, "metadata": {**meta, "annotations": annotations}, "spec": spec})

    def _found(self, deployment: Obj, new: Obj) -> Obj:
        status = deployment.get("status") or {}
        held = status.get("conditions") or []
        if conditions.has_deadline(deployment) and conditions.find(held, "Progressing") is None:
            text = f'Found new replica set "{new["metadata"]["name"]}"'
            found = conditions.made("Progressing", "True", "FoundNewReplicaSet", text, self._desk.now())
            status = {**status, "conditions": conditions.put(held, found)}
        return self._record(deployment, str(revision_of(new)), status)

    def _record(self, deployment: Obj, revision: str, status: Mapping[str, Any]) -> Obj:
        """The revision is an annotation that goes with the status, so that the generation stays."""
        if annotations_of(deployment).get(REVISION) == revision and status == (deployment.get("status") or {}):
            return deployment
        meta = deployment["metadata"]
        annotations = {**annotations_of(deployment), REVISION: revision}
        changed = {**deployment, "metadata": {**meta, "annotations": annotations}, "status": status}
        return self._api.update(DEPLOYMENTS, changed, "status")

    def _make(self, deployment: Obj, old: list[Obj], revision: int) -> tuple[Obj, Obj | None]:
        collisions = (deployment.get("status") or {}).get("collisionCount") or 0
        body = self._body(deployment, old, revision, template_hash(deployment["spec"]["template"], collisions))
        try:
            new = self._api.create(SETS, body, deployment["metadata"]["namespace"])
        except ApiError as error:
            return self._not_made(deployment, error, collisions)
        made = new["metadata"]["name"]
        if budget.replicas_of(new):
            self._events.normal(
                deployment, "ScalingReplicaSet", f"Scaled up replica set {made} from 0 to {budget.replicas_of(new)}"
            )
        status = deployment.get("status") or {}
        if conditions.has_deadline(deployment):
            text = f'Created new replica set "{made}"'
            created = conditions.made("Progressing", "True", "NewReplicaSetCreated", text, self._desk.now())
            status = {**status, "conditions": conditions.put(status.get("conditions") or [], created)}
        return self._record(deployment, str(revision), status), new

    def _not_made(self, deployment: Obj, error: ApiError, collisions: int) -> tuple[Obj, Obj | None]:
        status = deployment.get("status") or {}
        if error.reason == "AlreadyExists":
            # Somebody else's set has this name: another hash next time.
            self._record(deployment, str(revision_of(deployment)), {**status, "collisionCount": collisions + 1})
        elif conditions.has_deadline(deployment):
            text = f"Failed to create new replica set: {error.message}"
            failed = conditions.made("Progressing", "False", "ReplicaSetCreateError", text, self._desk.now())
            held = conditions.put(status.get("conditions") or [], failed)
            self._record(deployment, str(revision_of(deployment)), {**status, "conditions": held})
        raise error

    def _body(self, deployment: Obj, old: list[Obj], revision: int, value: str) -> Obj:
        meta, spec = deployment["metadata"], deployment["spec"]
        template = labelled(spec["template"], value)
        selector = spec["selector"]
        selector = {**selector, "matchLabels": {**(selector.get("matchLabels") or {}), HASH_LABEL: value}}
        annotations = {**set_annotations(deployment, {}, revision), **size_annotations(deployment)}
        body: Obj = {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {
                "name": f"{meta['name']}-{value}",
                "namespace": meta["namespace"],
                "labels": template["metadata"]["labels"],
                "annotations": annotations,
                "ownerReferences": [podlib.owner_reference(deployment)],
            },
            "spec": {"replicas": new_size(deployment, old, 0), "selector": selector, "template": template},
        }
        if spec.get("minReadySeconds"):
            body["spec"]["minReadySeconds"] = spec["minReadySeconds"]
        return body


def new_size(deployment: Obj, others: Iterable[Obj], current: int) -> int:
    """How many pods the new ReplicaSet may have now, beside the others."""
    wanted = budget.replicas_of(deployment)
    if not budget.is_rolling(deployment):
        return wanted
    total = sum(budget.replicas_of(rs) for rs in others) + current
    limit = wanted + budget.max_surge(deployment)
    if total >= limit:
        return current
    return current + min(limit - total, wanted - current)
