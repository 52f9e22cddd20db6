"""The last step of every `kubectl create …`: names the object's namespace, sends it, and tells of it."""

from __future__ import annotations

from typing import Any

from k8slab.kube.discovery import Resource
from k8slab.kube.errors import KubeError

from ..applying.lastapplied import ANNOTATION
from ..flags import Flag
from ..flagsets import DRY_RUN, OUTPUT, SAVE_CONFIG, VALIDATE, manager
from ..invocation import Failed, Invocation
from ..output.godump import json_line
from ..output.printers import Report
from ..requests import create, writing
from ..resources import Item
from .objects import as_typed

AUTOSCALER = "HorizontalPodAutoscaler"  # kubectl leaves its namespace to the request
CREATING: tuple[Flag, ...] = (*OUTPUT, DRY_RUN, VALIDATE, SAVE_CONFIG, manager("kubectl-create"))


def one_name(invocation: Invocation) -> str:
    """The only argument. Raises Failed in kubectl's words."""
    if len(invocation.args) != 1:
        raise Failed(
            f"error: exactly one NAME is required, got {len(invocation.args)}\n"
            f"See 'kubectl {invocation.verb} -h' for help and examples"
        )
    return invocation.args[0]


def required(invocation: Invocation, *names: str) -> None:
    """Raises Failed as cobra does where a flag is missing that must be given."""
    missing = [name for name in names if not invocation.flags.was_given(name)]
    if missing:
        shown = ", ".join(f'"{name}"' for name in missing)
        raise Failed(f"error: required flag(s) {shown} not set")


def submit(invocation: Invocation, obj: dict[str, Any], *, prefix: str = "", done: str = "created") -> Item:
    """Args: `prefix` stands before an error of the server ("failed to create role:")."""
    report = Report(invocation, typed=True)
    item = send(invocation, obj, report.how, prefix)
    report.tell(item, done)
    return item


def send(invocation: Invocation, obj: dict[str, Any], how: str = "none", prefix: str = "") -> Item:
    """As `submit`, in silence."""
    resource = invocation.client.resource(obj["apiVersion"], obj["kind"])
    item = placed(invocation, resource, obj)
    if invocation.flags.values.get("save-config"):
        annotation = {ANNOTATION: json_line(item.obj, sort=False) + "\n"}
        item = item.now({**item.obj, "metadata": {**item.obj["metadata"], "annotations": annotation}})
    if how != "client":
        query = writing(invocation, validate=True)
        try:
            item = item.now(as_typed(create(invocation, resource, item.namespace, item.obj, query)))
        except KubeError as error:
            raise Failed(f"error: {prefix} {error.message}") if prefix else error from error
    return item


def placed(invocation: Invocation, resource: Resource, obj: dict[str, Any]) -> Item:
    """With the namespace written into the object where -n names one."""
    metadata = obj["metadata"]
    if resource.namespaced and invocation.flags.text("namespace") and resource.kind != AUTOSCALER:
        head = {"name": metadata["name"], "namespace": invocation.namespace} if "name" in metadata else {}
        obj = {**obj, "metadata": {**head, **metadata, "namespace": invocation.namespace}}
    namespace = invocation.namespace if resource.namespaced else None
    return Item(resource, namespace, metadata.get("name", ""), obj)
