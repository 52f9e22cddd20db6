"""A deployment's replica sets: the one of its present template, and the others."""

from __future__ import annotations

from typing import Any

from k8slab.kube.client import Obj

from ..invocation import Invocation
from ..labelselectors import selector_text
from ..requests import list_all

REVISION = "deployment.kubernetes.io/revision"
HASH = "pod-template-hash"


def replica_sets(invocation: Invocation, deployment: Obj) -> tuple[list[Obj], Obj | None]:
    """The old ones, the oldest first, and the new one. Raises a KubeError."""
    metadata, spec = deployment["metadata"], deployment.get("spec") or {}
    resource = invocation.client.resource("apps/v1", "ReplicaSet")
    listing = list_all(invocation, resource, metadata["namespace"], labels=selector_text(spec.get("selector")))
    owned = [each for each in listing["items"] if controlled_by(each, deployment)]
    owned.sort(key=lambda each: (each["metadata"].get("creationTimestamp", ""), each["metadata"]["name"]))
    wanted = without_hash(spec.get("template") or {})
    new = next((each for each in owned if without_hash(each["spec"].get("template") or {}) == wanted), None)
    return [each for each in owned if each is not new], new


def controlled_by(obj: Obj, owner: Obj) -> bool:
    references = obj["metadata"].get("ownerReferences") or ()
    return any(each.get("controller") and each.get("uid") == owner["metadata"].get("uid") for each in references)


def without_hash(template: Obj) -> dict[str, Any]:
    """A template as it was before the controller marked it, with nothing where something is empty."""
    metadata = dict(template.get("metadata") or {})
    metadata.pop("creationTimestamp", None)
    labels = {key: value for key, value in (metadata.get("labels") or {}).items() if key != HASH}
    metadata = {key: value for key, value in {**metadata, "labels": labels}.items() if value}
    return {**template, "metadata": metadata}
