"""metadata: names, labels, annotations, finalizers, owners; and what of it never changes."""

from __future__ import annotations

from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource


def validate_metadata(kind: Resource, obj: Obj, errors: FieldErrors) -> None:
    metadata = obj["metadata"]
    if not metadata.get("name"):
        errors.required("metadata.name", "name or generateName is required")


def validate_metadata_update(kind: Resource, obj: Obj, old: Obj, errors: FieldErrors) -> None: ...
