"""The objects of an exercise's files, with a student's values, each knowing its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from k8slab.catalog.course import Exercise
from k8slab.catalog.positions import Path as Place
from k8slab.catalog.positions import Placed, read_documents
from k8slab.catalog.schema import BUILT_IN
from k8slab.grading.substitution import substitute

NAMESPACE = "lab-mina-3f9c2ab481"  # as a student's may be called
_MAKERS = ("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Job")
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "Pod": ("spec",),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    **dict.fromkeys(_MAKERS, ("spec", "template", "spec")),
}


@dataclass(frozen=True, slots=True)
class Manifest:
    file: Path
    document: Placed

    @property
    def obj(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document.value
        return found

    @property
    def kind(self) -> str:
        return str(self.obj["kind"])

    @property
    def group(self) -> str:
        return str(self.obj["apiVersion"]).rpartition("/")[0]

    @property
    def identity(self) -> tuple[str, str, str]:
        metadata = self.obj["metadata"]
        return self.kind, str(metadata.get("namespace") or NAMESPACE), str(metadata["name"])

    def pods(self) -> Iterator[tuple[Place, Mapping[str, Any]]]:
        """The pod that the object is, or makes: its spec and where it stands."""
        place = TEMPLATES.get(self.kind, ())
        found: Any = self.obj
        for key in place:
            found = found.get(key) if isinstance(found, Mapping) else None
        if place and isinstance(found, Mapping):
            yield place, found


def containers(place: Place, pod: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    for key in ("initContainers", "containers", "ephemeralContainers"):
        listed = pod.get(key)
        for number, container in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(container, Mapping):
                yield (*place, key, number), container


def read(file: Path, exercise: Exercise) -> list[Manifest]:
    """What the loader has accepted: each is a mapping with apiVersion, kind and a name."""
    if not file.exists():
        return []
    text = substitute(file.read_text(encoding="utf-8"), values_of(exercise))
    return [Manifest(file, document) for document in read_documents(text, lambda line, message: None)]


def values_of(exercise: Exercise) -> dict[str, str]:
    return {**{name: choices[0] for name, choices in exercise.vars.items()}, BUILT_IN: NAMESPACE}
