"""Claims, volumes and namespaces at rest."""

from __future__ import annotations

from ..finding import YES, Finding, no, not_yet
from ..messages import say
from ..objects import called, text
from ..spec import Obj
from ..view import View
from .registry import settles


@settles("PersistentVolumeClaim")
def claim(view: View, obj: Obj, now: float) -> Finding:
    phase = text(obj, "status", "phase")
    if phase == "Lost":
        return no(say("volume-lost", object=called(obj)), about=[obj])
    if phase != "Bound":
        return not_yet(say("not-bound", object=called(obj), phase=phase or "Pending"), about=[obj])
    return YES


@settles("PersistentVolume")
def volume(view: View, obj: Obj, now: float) -> Finding:
    """Available is rest as well: it waits for nobody in particular."""
    phase = text(obj, "status", "phase")
    if phase in ("Bound", "Available"):
        return YES
    return not_yet(say("not-bound", object=called(obj), phase=phase or "Pending"), about=[obj])


@settles("Namespace")
def namespace(view: View, obj: Obj, now: float) -> Finding:
    phase = text(obj, "status", "phase")
    if phase in ("Active", ""):
        return YES
    return not_yet(say("namespace-not-active", object=called(obj), phase=phase), about=[obj])
