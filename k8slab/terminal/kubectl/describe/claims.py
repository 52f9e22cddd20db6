"""Persistent volume claims, and the templates of claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..output.ages import since
from ..output.godump import go_value
from .metadata import write_annotations, write_labels
from .text import Text

Map = Mapping[str, Any]
_MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
BETA_CLASS = "volume.beta.kubernetes.io/storage-class"


def modes_text(modes: Iterable[str] | None) -> str:
    modes = list(modes or ())
    return ",".join(short for mode, short in _MODES.items() if mode in modes)


def class_of(obj: Map) -> str:
    annotations = (obj.get("metadata") or {}).get("annotations") or {}
    return str(annotations.get(BETA_CLASS, (obj.get("spec") or {}).get("storageClassName") or ""))


def write_status(to: Text, obj: Map) -> None:
    deleted = (obj.get("metadata") or {}).get("deletionTimestamp")
    to.field(
        "Status", f"Terminating (lasts {since(deleted)})" if deleted else (obj.get("status") or {}).get("phase", "")
    )


def write_claim(to: Text, claim: Map, *, whole: bool) -> None:
    """Args: `whole` for a claim of the cluster, otherwise a template of one."""
    metadata, spec, status = (claim.get(key) or {} for key in ("metadata", "spec", "status"))
    if whole:
        to.field("Name", metadata.get("name", ""))
        to.field("Namespace", metadata.get("namespace", ""))
    to.field("StorageClass", class_of(claim))
    if whole:
        write_status(to, claim)
    volume = spec.get("volumeName") or ""
    to.field("Volume", volume)
    write_labels(to, "Labels", metadata.get("labels"))
    write_annotations(to, "Annotations", metadata.get("annotations"))
    if whole:
        to.field("Finalizers", go_value(metadata.get("finalizers") or []))
    to.field("Capacity", (status.get("capacity") or {}).get("storage", "0") if volume else "")
    to.field("Access Modes", modes_text(status.get("accessModes")) if volume else "")
    if spec.get("volumeMode") is not None:
        to.field("VolumeMode", spec["volumeMode"])
    if spec.get("dataSource"):
        to.write(0, "DataSource:\n")
        for title, key in (("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")):
            if key != "apiGroup" or spec["dataSource"].get(key) is not None:
                to.field(title, spec["dataSource"].get(key, ""), 1)


def write_claim_templates(to: Text, templates: Iterable[Map] | None) -> None:
    templates = list(templates or ())
    if not templates:
        to.field("Volume Claims", "<none>")
        return
    to.write(0, "Volume Claims:\n")
    for claim in templates:
        metadata, spec = claim.get("metadata") or {}, claim.get("spec") or {}
        to.field("Name", metadata.get("name", ""), 1)
        to.field("StorageClass", class_of(claim), 1)
        write_labels(to, "Labels", metadata.get("labels"), "  ")
        write_labels(to, "Annotations", metadata.get("annotations"), "  ")
        requests = (spec.get("resources") or {}).get("requests") or {}
        to.field("Capacity", requests.get("storage", "<default>"), 1)
        to.field("Access Modes", go_value(spec.get("accessModes") or []), 1)
