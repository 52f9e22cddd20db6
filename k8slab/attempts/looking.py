"""Which objects a check looks at, for the map to mark: names and selections of the task, nothing that is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from k8slab.grading.spec import Check, ObjectRef, Probe
from k8slab.grading.substitution import bind


def objects_of(check: Check, values: Mapping[str, str]) -> list[str]:
    """ "Deployment/web", "Pod?app=web" or "Pod". Nothing of a check that keeps what it expects to itself."""
    return sorted(set(_objects(bind(check, values)))) if check.reveal else []


def _objects(check: Check) -> Iterator[str]:
    if check.object:
        yield _named(check.object)
    if check.disturb:
        yield _named(check.disturb.delete)
    if check.probe:
        yield from _asked(check.probe)


def _named(ref: ObjectRef) -> str:
    if ref.name:
        return f"{ref.kind}/{ref.name}"
    labels = ",".join(f"{key}={value}" for key, value in sorted((ref.labels or {}).items()))
    return f"{ref.kind}?{labels}" if labels else ref.kind


def _asked(probe: Probe) -> Iterator[str]:
    """The Service behind the name that a probe asks for, if it is one."""
    if probe.kind == "exec" or not isinstance(probe.target, str):
        return
    host = urlsplit(probe.target).hostname if probe.kind == "http" else probe.target
    if host and not host.replace(".", "").isdecimal():
        yield f"Service/{host.split('.')[0]}"
