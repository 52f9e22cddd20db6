"""Pod templates, and what they share with pods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..labelselectors import selector_line
from .about import About
from .containers import write_containers
from .metadata import write_annotations, write_labels, write_tolerations
from .text import Text
from .volumes import write_volumes

Map = Mapping[str, Any]


def write_template(to: Text, template: Map | None) -> None:
    to.write(0, "Pod Template:\n")
    if template is None:
        to.write(1, "<unset>")
        return
    metadata, spec = template.get("metadata") or {}, template.get("spec") or {}
    write_labels(to, "  Labels", metadata.get("labels"))
    if metadata.get("annotations"):
        write_annotations(to, "  Annotations", metadata["annotations"])
    if spec.get("serviceAccountName"):
        to.field("Service Account", spec["serviceAccountName"], 1)
    if spec.get("initContainers"):
        write_containers(to, "Init Containers", spec["initContainers"], before="  ")
    write_containers(to, "Containers", spec.get("containers"), before="  ")
    write_volumes(to, spec.get("volumes"), "  ")
    write_spreading(to, spec.get("topologySpreadConstraints"), "  ")
    if spec.get("priorityClassName"):
        to.field("Priority Class Name", spec["priorityClassName"], 1)
    write_labels(to, "  Node-Selectors", spec.get("nodeSelector"))
    write_tolerations(to, "  Tolerations", spec.get("tolerations"))


def write_spreading(to: Text, constraints: Iterable[Map] | None, before: str) -> None:
    ordered = sorted(constraints or (), key=lambda each: str(each.get("topologyKey", "")))
    for i, each in enumerate(ordered):
        text = f"{each.get('topologyKey', '')}:{each.get('whenUnsatisfiable', '')}"
        text += f" when max skew {each.get('maxSkew', 0)} is exceeded"
        if each.get("labelSelector") is not None:
            text += f" for selector {selector_line(each['labelSelector'])}"
        to.write(0, f"{before}{'' if i else 'Topology Spread Constraints:'}\t{text}\n")


def pods_line(about: About, selector: str) -> str:
    """How many of the controller's pods are in which phase. Raises a KubeError."""
    phases = [(pod.get("status") or {}).get("phase") for pod in about.owned("v1", "Pod", selector)]
    running, waiting = phases.count("Running"), phases.count("Pending")
    return (
        f"{running} Running / {waiting} Waiting / "
        f"{phases.count('Succeeded')} Succeeded / {phases.count('Failed')} Failed"
    )
