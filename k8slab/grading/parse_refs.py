"""Reading which objects a check means: `object:` and `disturb.delete:`."""

from __future__ import annotations

from .kinds import USUAL
from .reading import Fields, Path, Problem, flag, labels, text, whole
from .spec import Disturb, ObjectRef


def object_ref(raw: object, path: Path, problem: Problem) -> ObjectRef | None:
    fields = Fields(raw, path, problem)
    ref = ObjectRef(
        api_version=fields.require("apiVersion", text, ""),
        kind=fields.require("kind", text, ""),
        name=fields.take("name", text, None),
        labels=fields.take("labels", labels, None),
        any=fields.take("any", flag, False),
    )
    fields.close()
    _one_way(ref, fields)
    if ref.name is not None and ref.any:
        problem((*path, "any"), "any makes no sense with a name")
    return ref if ref.api_version and ref.kind else None


def _one_way(ref: ObjectRef, fields: Fields) -> None:
    if ref.name is not None and ref.labels is not None:
        fields.problem(fields.path, "has both name and labels: only one can select")


def disturb(raw: object, path: Path, problem: Problem) -> Disturb | None:
    fields = Fields(raw, path, problem)
    ref = fields.require("delete", _deleted, None)
    fields.close()
    return ref


def _deleted(raw: object, path: Path, problem: Problem) -> Disturb | None:
    fields = Fields(raw, path, problem)
    kind = fields.require("kind", text, "")
    version = fields.take("apiVersion", text, "") or USUAL.get(kind, "")
    if kind and not version:
        problem(path, f"apiVersion is missing: {kind} is not one of the usual kinds")
    name, wanted = fields.take("name", text, None), fields.take("labels", labels, None)
    count = fields.take("count", whole(1, 10), 1)
    fields.close()
    ref = ObjectRef(version, kind, name, wanted)
    _one_way(ref, fields)
    if name is None and wanted is None:
        problem(path, "needs a name or labels: it should not delete just anything")
    return Disturb(ref, count) if kind and version else None
