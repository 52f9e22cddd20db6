"""Who keeps whom: from an object down to its pods, and up to what the student wrote."""

from __future__ import annotations

from collections.abc import Iterator

from .kinds import CHILDREN, EVENT
from .objects import controller_of, has_labels, kind_of, labels_of, mapping, text
from .spec import Obj
from .view import View


def children(view: View, obj: Obj) -> list[Obj]:
    return [child for kind in CHILDREN.get(kind_of(obj), ()) for child in view.owned(obj, *kind)]


def family(view: View, obj: Obj) -> list[Obj]:
    """The object, all that its controllers made, and the pods that a Service selects."""
    members = [obj]
    for member in members:  # grows while it is walked
        members.extend(children(view, member))
        if kind_of(member) == "Service":
            members.extend(selected_pods(view, member))
    return members


def selected_pods(view: View, service: Obj) -> list[Obj]:
    selector = mapping(service, "spec", "selector")
    return [pod for pod in view.pods() if selector and has_labels(labels_of(pod), selector)]


def owners(view: View, obj: Obj) -> Iterator[Obj]:
    """The controllers above, nearest first."""
    seen: set[str] = set()
    while (ref := controller_of(obj)) is not None and text(ref, "uid") not in seen:
        seen.add(text(ref, "uid"))
        owner = view.find(text(ref, "apiVersion"), text(ref, "kind"), text(ref, "name"))
        if owner is None:
            return
        yield owner
        obj = owner


def written(view: View, obj: Obj) -> Obj:
    """What the student wrote: the object itself, or the topmost controller that keeps it."""
    for owner in owners(view, obj):
        obj = owner
    return obj


def events_of(view: View, members: list[Obj]) -> list[Obj]:
    uids = {text(member, "metadata", "uid") for member in members} - {""}
    return [{"kind": EVENT[1], **event} for event in view.events() if text(event, "involvedObject", "uid") in uids]
