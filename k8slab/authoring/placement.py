"""Would a sandbox take the object? Its kind, its name and its namespace, as rights and policies bound students."""

from __future__ import annotations

from collections.abc import Iterator

from k8slab.catalog.course import Exercise
from k8slab.catalog.positions import Path as Place
from k8slab.sandbox.further import KINDS
from k8slab.sandbox.rights import WORK

from .objects import NAMESPACE, Manifest

_INSIDE = {(version.rpartition("/")[0], kind) for version, kind, _ in WORK}
_OUTSIDE = {(version.rpartition("/")[0], kind) for version, kind in KINDS}
_PREFIX = f"{NAMESPACE}-"


def problems(manifest: Manifest, exercise: Exercise) -> Iterator[tuple[Place, str]]:
    which = manifest.group, manifest.kind
    if which in _OUTSIDE:
        yield from _outside(manifest, exercise)
    elif which in _INSIDE:
        yield from _inside(manifest)
    else:
        yield ("kind",), f"students make no {manifest.kind}, and a reset would not remove it"


def _outside(manifest: Manifest, exercise: Exercise) -> Iterator[tuple[Place, str]]:
    if "cluster-scoped" not in exercise.needs:
        yield ("kind",), f"a {manifest.kind} needs the capability cluster-scoped"
    if not manifest.identity[2].startswith(_PREFIX):
        yield ("metadata", "name"), f"a {manifest.kind} is named '${{namespace}}-…'"


def _inside(manifest: Manifest) -> Iterator[tuple[Place, str]]:
    namespace = manifest.obj["metadata"].get("namespace")
    if namespace not in (None, NAMESPACE) and not str(namespace).startswith(_PREFIX):
        yield ("metadata", "namespace"), "is not the student's: leave it out, or write '${namespace}-…'"
