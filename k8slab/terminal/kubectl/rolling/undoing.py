"""Back to an earlier revision."""

from __future__ import annotations

from typing import Any

from k8slab.kube.errors import KubeError

from ..describe.podtemplate import write_template
from ..describe.text import Text
from ..invocation import Failed, Invocation
from ..requests import patch
from ..resources import Item
from .replicasets import REVISION, without_hash
from .revisions import Revision, revisions_of, unmarked

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
KEPT = (  # annotations that stay the deployment's own
    LAST_APPLIED,
    REVISION,
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
)


def roll_back(invocation: Invocation, item: Item, number: int, how: str) -> str:
    """What was done, in kubectl's words. Raises Failed, or a KubeError.

    Args: `number` 0 is the revision before the present one; `how` is "none", "client" or "server".
    """
    if number < 0:
        raise _missing(number)
    of_replica_sets = item.resource.kind == "Deployment"
    revision = _wanted(invocation, item, number)
    if how == "client":
        shown = template_text(revision.template)
        return shown if of_replica_sets else f"will roll back to {shown}"
    if of_replica_sets and item.obj["spec"].get("paused"):
        why = "resume it first with 'kubectl rollout resume' and try again"
        raise Failed(f"error: you cannot rollback a paused deployment; {why}")
    if without_hash(revision.template) == without_hash(item.obj["spec"]["template"]):
        return f"skipped rollback (current template already matches revision {number})"
    query = [("dryRun", "All")] if how == "server" else []
    body, kind = _deployment_patch(item, revision) if of_replica_sets else (revision.keeper["data"], "strategic")
    try:
        patch(invocation, item.resource, item.namespace, item.name, body, kind, query)
    except KubeError as error:
        raise Failed(f"error: failed restoring revision {number}: {error.message}") from error
    return "rolled back"


def template_text(template: dict[str, Any]) -> str:
    """Not aligned: kubectl prints its tabs as they are."""
    to = Text()
    write_template(to, template)
    return to.raw()


def _missing(number: int) -> Failed:
    return Failed(f"error: unable to find specified revision {number} in history")


def _wanted(invocation: Invocation, item: Item, number: int) -> Revision:
    revisions = revisions_of(invocation, item)
    if number:
        found = next((revision for revision in revisions if revision.number == number), None)
        if found is None:
            raise _missing(number)
        return found
    if len(revisions) < 2:
        if item.resource.kind == "Deployment":
            raise Failed(f'error: no rollout history found for deployment "{item.name}"')
        raise Failed("error: no last revision to roll back to")
    return revisions[-2]


def _deployment_patch(item: Item, revision: Revision) -> tuple[list[dict[str, Any]], str]:
    mine = item.obj["metadata"].get("annotations") or {}
    theirs = revision.keeper["metadata"].get("annotations") or {}
    annotations = {key: mine[key] for key in KEPT if key in mine}
    annotations |= {key: value for key, value in theirs.items() if key not in KEPT}
    changes = (("/spec/template", unmarked(revision.template)), ("/metadata/annotations", annotations))
    return [{"op": "replace", "path": path, "value": value} for path, value in changes], "json"
