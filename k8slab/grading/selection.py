"""Which objects a check means, and whether more may come without the student's doing."""

from __future__ import annotations

from collections.abc import Sequence

from .kinds import MAKERS, STATEFUL_SET
from .objects import dig, entries, has_labels, labels_of, mapping, name_of, number, terminating
from .spec import Obj, ObjectRef
from .view import View

ALWAYS_MADE = {"EndpointSlice", "Endpoints", "ControllerRevision", "Event"}


def selected(view: View, ref: ObjectRef) -> list[Obj]:
    """The objects that are meant; those on their way out too."""
    found = view.list(ref.api_version, ref.kind)
    if ref.name is not None:
        return [obj for obj in found if name_of(obj) == ref.name]
    wanted = ref.labels or {}
    return [obj for obj in found if has_labels(labels_of(obj), wanted)]


def alive(objects: Sequence[Obj]) -> list[Obj]:
    return [obj for obj in objects if not terminating(obj)]


def spelled(ref: ObjectRef) -> str:
    """`app=web, tier=front`"""
    return ", ".join(f"{key}={value}" for key, value in (ref.labels or {}).items())


def makers(view: View, ref: ObjectRef) -> list[Obj]:
    """The objects whose controllers may still make what is meant."""
    kinds = (STATEFUL_SET,) if ref.name is not None and ref.kind == "Pod" else MAKERS.get(ref.kind, ())
    candidates = [obj for kind in kinds for obj in view.list(*kind)]
    return [obj for obj in candidates if _makes(obj, ref)]


def _makes(maker: Obj, ref: ObjectRef) -> bool:
    if terminating(maker) or dig(maker, "spec", "replicas") == 0:
        return False
    if ref.name is not None:
        return _named_by(maker, ref)
    if ref.kind in ("Pod", "ReplicaSet"):
        return has_labels(template_labels(maker), ref.labels or {})
    return True


def _named_by(maker: Obj, ref: ObjectRef) -> bool:
    """A StatefulSet numbers its pods and their claims: web-0, data-web-0."""
    if maker.get("kind") != "StatefulSet":
        return ref.kind not in ("PersistentVolumeClaim", "Job", "ReplicaSet")
    stem, _, ordinal = (ref.name or "").rpartition("-")
    if not ordinal.isdigit() or int(ordinal) >= number(maker, "spec", "replicas", default=1):
        return False
    if ref.kind == "Pod":
        return stem == name_of(maker)
    claims = entries(maker, "spec", "volumeClaimTemplates")
    return any(stem == f"{name_of(claim)}-{name_of(maker)}" for claim in claims)


def may_come(view: View, ref: ObjectRef) -> bool:
    return ref.kind in ALWAYS_MADE or bool(makers(view, ref))


def template_labels(workload: Obj) -> dict[str, object]:
    return dict(mapping(workload, "spec", "template", "metadata", "labels"))
