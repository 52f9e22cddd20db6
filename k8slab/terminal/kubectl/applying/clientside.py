"""`kubectl apply` as it is by default: the patch is made here, from the annotation, the file and the live object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from k8slab.kube.client import Obj
from k8slab.kube.errors import Conflict, Invalid, KubeError, NotFound

from ..deleting.waiting import gone
from ..failures import doing, worded
from ..invocation import Failed, Invocation
from ..merging.schema import merging_of
from ..merging.threeway import three_way, three_way_merge_patch
from ..output.godump import json_line
from ..output.printers import dry_run
from ..requests import create, delete, get, patch, validation, writing
from ..resources import Target
from .lastapplied import annotated, last_applied

NOT_APPLIED = """Warning: resource {what}/{name} is missing the kubectl.kubernetes.io/last-applied-configuration \
annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by \
either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically."""
TRIES = 5  # at objects that somebody else changes meanwhile
MANAGER = "kubectl-client-side-apply"
Done = Literal["created", "configured", "unchanged"]


@dataclass(frozen=True, slots=True)
class Applied:
    obj: Obj
    done: Done


def apply_object(invocation: Invocation, target: Target) -> Applied:
    """Applies one object of a file. Raises a KubeError, told with the file."""
    assert target.obj is not None
    generated = (target.obj.get("metadata") or {}).get("generateName")
    if generated and not target.name:
        raise Failed(f"error: from {generated}: cannot use generate name with apply")
    modified = annotated(target.obj)
    live = _live(invocation, target)
    if live is None:
        if dry_run(invocation) == "client":
            return Applied(modified, "created")
        with doing("creating", target.source):
            query = _query(invocation)
            return Applied(create(invocation, target.resource, target.namespace, modified, query), "created")
    if dry_run(invocation) == "client":
        return Applied(live, "configured")
    if last_applied(live) is None:
        what = f"{target.resource.plural}.{target.resource.group}" if target.resource.group else target.resource.plural
        invocation.warn(NOT_APPLIED.format(what=what, name=target.name))
    return _patched(invocation, target, modified, live)


def _live(invocation: Invocation, target: Target) -> Obj | None:
    words = f'error when retrieving current configuration of:\n{described(target)}\nfrom server for: "{target.source}"'
    if not target.name:
        raise Failed(f"error: {words}: resource name may not be empty")
    try:
        return get(invocation, target.resource, target.namespace, target.name)
    except NotFound:
        return None
    except KubeError as error:
        raise worded(error, f"{words}: {error.message}") from error


def _query(invocation: Invocation) -> list[tuple[str, str]]:
    return [*writing(invocation, manager=MANAGER), ("fieldValidation", validation(invocation))]


def described(target: Target) -> str:
    resource = target.resource
    group = resource.group
    return (
        f'Resource: "{group}/{resource.version}, Resource={resource.plural}", '
        f'GroupVersionKind: "{group}/{resource.version}, Kind={resource.kind}"\n'
        f'Name: "{target.name}", Namespace: "{target.namespace or ""}"'
    )


def _patched(invocation: Invocation, target: Target, modified: Obj, live: Obj) -> Applied:
    for attempt in range(1, TRIES + 1):
        body, how = patch_of(invocation, target, modified, live)
        if not body:
            return Applied(live, "unchanged")
        try:
            with doing("patching", target.source):
                obj = patch(invocation, target.resource, target.namespace, target.name, body, how, _query(invocation))
            return Applied(obj, "configured")
        except (Conflict, Invalid) as error:
            if isinstance(error, Conflict) and attempt < TRIES:
                live = get(invocation, target.resource, target.namespace, target.name)
            elif invocation.flags.on("force"):
                return _anew(invocation, target, modified)
            else:
                raise _not_patched(error, target, body) from error
        except KubeError as error:
            raise _not_patched(error, target, body) from error
    raise AssertionError("unreachable")


def patch_of(invocation: Invocation, target: Target, modified: Obj, live: Obj) -> tuple[dict[str, Any], str]:
    original = last_applied(live) or {}
    merging = merging_of(invocation.client.fields, target.resource)
    if merging is None:
        return three_way_merge_patch(original, modified, live), "merge"
    return three_way(original, modified, live, merging), "strategic"


def _not_patched(error: KubeError, target: Target, body: dict[str, Any]) -> KubeError:
    words = f'applying patch:\n{json_line(body)}\nto:\n{described(target)}\nfor: "{target.source}"'
    return worded(error, f"error when {words}: {error.message}")


def _anew(invocation: Invocation, target: Target, modified: Obj) -> Applied:
    """--force: deletes the object and makes it again."""
    options = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"}
    delete(invocation, target.resource, target.namespace, target.name, options, _query(invocation)[:1])
    gone(invocation, target.resource, target.namespace, target.name)
    return Applied(create(invocation, target.resource, target.namespace, modified, _query(invocation)), "configured")
