"""`get -o json|yaml|name|jsonpath|…`: whole objects, several as one List."""

from __future__ import annotations

from typing import Any

from k8slab.kube.client import Obj

from ..output.printers import Print
from ..resources import label
from .sorting import sort_objects
from .view import View


def show_objects(view: View, printer: Print | None) -> None:
    """Without a printer the names are shown, each on its line."""
    objects: list[Obj] = []
    single = False
    for target in view.targets():
        view.seen(target)
        with view.failures.kept():
            found = view.fetch(target, table=False)
            if found is not None:
                single = not view.is_list(found) and view.selection.singular
                objects += found["items"] if view.is_list(found) else [found]
    if view.sort_by:
        objects = sort_objects(objects, view.sort_by)
    if printer is None:
        _names(view, objects)
    elif single and len(objects) == 1:
        view.invocation.streams.out(printer(objects[0]))
    elif objects or not (view.failures or view.tolerant):
        view.invocation.streams.out(printer(_as_list(objects)))
    view.failures.finish(together=True)


def _names(view: View, objects: list[Obj]) -> None:
    for obj in objects:
        resource = view.invocation.client.resource(obj["apiVersion"], obj["kind"])
        view.invocation.say(label(resource, obj["metadata"]["name"]))


def _as_list(objects: list[Obj]) -> dict[str, Any]:
    return {"apiVersion": "v1", "items": objects, "kind": "List", "metadata": {"resourceVersion": ""}}
