"""Which fields change by themselves. Where none does, waiting would be in vain: the check fails at once."""

from __future__ import annotations

from .kinds import AUTOSCALER
from .objects import controller_of, finished, is_true, kind_of, name_of, text
from .ownership import written
from .settling.settle import settle
from .spec import Obj
from .view import View

# written by controllers, the scheduler or the API server, whoever made the object
BY_CLUSTER = {
    "*": (
        ("status",),
        ("metadata", "generation"),
        ("metadata", "resourceVersion"),
        ("metadata", "uid"),
        ("metadata", "ownerReferences"),
        ("metadata", "deletionTimestamp"),
        ("metadata", "finalizers"),
        ("metadata", "annotations", "deployment.kubernetes.io/revision"),
    ),
    "Pod": (("spec", "nodeName"),),
    "PersistentVolumeClaim": (("spec", "volumeName"), ("metadata", "annotations")),
    "PersistentVolume": (("spec", "claimRef"),),
    "Deployment": (("metadata", "annotations"),),
    "Job": (("spec", "suspend"),),
}
BY_CONTROLLERS = {"EndpointSlice", "Endpoints", "Event", "ControllerRevision"}
Path = tuple[str | int, ...]


def may_change(view: View, obj: Obj, path: Path, now: float) -> bool:
    """Whether the field at `path` may get another value without the student's doing."""
    kind = kind_of(obj)
    if kind in BY_CONTROLLERS:
        return True
    if any(path[: len(start)] == start for start in (*BY_CLUSTER["*"], *BY_CLUSTER.get(kind, ()))):
        return not _over(obj)
    if path[:2] == ("spec", "replicas") and _autoscaled(view, obj):
        return True
    return controller_of(obj) is not None and settle(view, written(view, obj), now).outcome == "not-yet"


def _over(obj: Obj) -> bool:
    """It has run to its end: nothing moves any more."""
    if kind_of(obj) == "Pod":
        return finished(obj) and controller_of(obj) is None
    return kind_of(obj) == "Job" and (is_true(obj, "Complete") or is_true(obj, "Failed"))


def _autoscaled(view: View, obj: Obj) -> bool:
    targets = [autoscaler.get("spec", {}).get("scaleTargetRef", {}) for autoscaler in view.list(*AUTOSCALER)]
    return any(text(t, "kind") == kind_of(obj) and text(t, "name") == name_of(obj) for t in targets)
