"""Whether an object has come to rest in the state that its spec asks for."""

from __future__ import annotations

from ..discovery import load_all
from ..finding import YES, Finding, not_yet
from ..messages import say
from ..objects import called, kind_of, number, terminating, uid_of
from ..spec import Obj
from ..view import View
from .registry import BY_KIND


def settle(view: View, obj: Obj, now: float) -> Finding:
    """Kinds that nobody registered have come to rest as soon as they exist."""
    load_all("k8slab.grading.settling")
    return view.keep(("settle", uid_of(obj), called(obj)), lambda: _settle(view, obj, now))


def _settle(view: View, obj: Obj, now: float) -> Finding:
    if terminating(obj):
        return not_yet(say("terminating", object=called(obj)), about=[obj])
    if not _observed(obj):
        return not_yet(say("not-observed", object=called(obj)), about=[obj])
    return BY_KIND[kind_of(obj)](view, obj, now) if kind_of(obj) in BY_KIND else YES


def _observed(obj: Obj) -> bool:
    """The status speaks of the newest spec: without this, an old "ready" passes for a new one."""
    if kind_of(obj) not in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"):
        return True
    return number(obj, "status", "observedGeneration") >= number(obj, "metadata", "generation")
