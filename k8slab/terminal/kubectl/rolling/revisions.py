"""The revisions of a deployment, stateful set or daemon set, whatever keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from k8slab.kube.client import Obj
from k8slab.kube.errors import KubeError

from ..failures import worded
from ..invocation import Failed, Invocation
from ..labelselectors import selector_text
from ..requests import list_all
from ..resources import Item
from .replicasets import HASH, REVISION, controlled_by, replica_sets

Map = dict[str, Any]
CAUSE = "kubernetes.io/change-cause"
WITHOUT_HISTORY = frozenset(
    (
        *(("", kind) for kind in ("Pod", "ReplicationController")),
        *(("apps", "ReplicaSet"), ("extensions", "ReplicaSet"), ("batch", "Job"), ("batch", "CronJob")),
    )
)


@dataclass(frozen=True, slots=True)
class Revision:
    number: int
    template: Map  # with the marks that its controller put on it
    cause: str
    keeper: Obj  # the replica set or controller revision

    def as_object(self, item: Item) -> Obj:
        """What `-o yaml` shows of it: the replica set, or the object as it was then."""
        if item.resource.kind == "Deployment":
            return self.keeper
        return {**item.obj, "spec": {**item.obj["spec"], "template": self.template}}


def group_kind(item: Item) -> str:
    resource = item.resource
    return f"{resource.kind}.{resource.group}" if resource.group else resource.kind


def check_kind(item: Item, missing: str, retrieving: str) -> None:
    """Raises Failed for what has no revisions."""
    resource = item.resource
    if resource.group == "apps" and resource.kind in ("Deployment", "StatefulSet", "DaemonSet"):
        return
    name = group_kind(item)
    if (resource.group, resource.kind) in WITHOUT_HISTORY:
        raise Failed(f'error: no {missing} has been implemented for "{name}"')
    raise Failed(
        f'error: error retrieving {retrieving} for "{name}", '
        f"no visitor method exists for {{{resource.group} {resource.kind}}}"
    )


def revisions_of(invocation: Invocation, item: Item) -> list[Revision]:
    """In the order of their numbers. Raises a KubeError."""
    found = _of_replica_sets(invocation, item) if item.resource.kind == "Deployment" else _of_others(invocation, item)
    by_number = {revision.number: revision for revision in found}
    return [by_number[number] for number in sorted(by_number)]


def _of_replica_sets(invocation: Invocation, item: Item) -> Iterator[Revision]:
    try:
        old, new = replica_sets(invocation, item.obj)
    except KubeError as error:
        what = f"failed to retrieve replica sets from deployment {item.name}"
        raise worded(error, f"{what}: {error.message}") from error
    for each in [*old, *([new] if new else [])]:
        annotations = each["metadata"].get("annotations") or {}
        number, cause = str(annotations.get(REVISION, "0")), str(annotations.get(CAUSE, ""))
        if number.isdigit():
            template = each["spec"].get("template") or {}
            yield Revision(int(number), template, cause or _cause_of(template), each)


def _cause_of(template: Map) -> str:
    return str(((template.get("metadata") or {}).get("annotations") or {}).get(CAUSE, ""))


def _of_others(invocation: Invocation, item: Item) -> Iterator[Revision]:
    resource = invocation.client.resource("apps/v1", "ControllerRevision")
    selector = selector_text(item.obj["spec"].get("selector"))
    for each in list_all(invocation, resource, item.namespace, labels=selector)["items"]:
        if controlled_by(each, item.obj):
            template = dict(((each.get("data") or {}).get("spec") or {}).get("template") or {})
            template.pop("$patch", None)
            cause = str((each["metadata"].get("annotations") or {}).get(CAUSE, ""))
            yield Revision(int(each.get("revision") or 0), template, cause, each)


def unmarked(template: Map) -> Map:
    """Without the label that the deployment's controller adds."""
    metadata = dict(template.get("metadata") or {})
    metadata["labels"] = {key: value for key, value in (metadata.get("labels") or {}).items() if key != HASH}
    return {**template, "metadata": metadata}
