"""Persistent volumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...output.godump import go_value
from ..about import About
from ..claims import class_of, modes_text, write_status
from ..events import write_events
from ..metadata import write_marks
from ..registry import describes
from ..text import Text
from ..volumes import OF_VOLUMES, write_source


@describes("PersistentVolume")
def describe(about: About, to: Text) -> None:
    spec = about.spec
    to.field("Name", about.name)
    write_marks(about, to)
    to.field("Finalizers", go_value(about.metadata.get("finalizers") or []))
    to.field("StorageClass", class_of(about.obj))
    write_status(to, about.obj)
    claim = spec.get("claimRef")
    to.field("Claim", f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else "")
    to.field("Reclaim Policy", spec.get("persistentVolumeReclaimPolicy", ""))
    to.field("Access Modes", modes_text(spec.get("accessModes")))
    if spec.get("volumeMode") is not None:
        to.field("VolumeMode", spec["volumeMode"])
    to.field("Capacity", (spec.get("capacity") or {}).get("storage", "0"))
    _affinity(to, spec.get("nodeAffinity"))
    to.field("Message", about.status.get("message", ""))
    to.write(0, "Source:\n")
    write_source(to, spec, OF_VOLUMES)
    write_events(about, to)


def _affinity(to: Text, affinity: Mapping[str, Any] | None) -> None:
    required = (affinity or {}).get("required")
    if required is None:
        to.field("Node Affinity", "<none>")
        return
    to.field("Node Affinity", "")
    terms = required.get("nodeSelectorTerms") or ()
    to.field("Required Terms", "" if terms else "<none>", 1)
    for i, term in enumerate(terms):
        to.write(2, f"Term {i}:\t")
        expressions = term.get("matchExpressions") or ()
        if not expressions:
            to.more("<none>\n")
        for j, each in enumerate(expressions):
            if j:
                to.write(2, "\t")
            values = f" [{', '.join(each['values'])}]" if each.get("values") else ""
            to.more(f"{each.get('key', '')} {str(each.get('operator', '')).lower()}{values}\n")
