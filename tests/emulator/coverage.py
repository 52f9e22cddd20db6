"""What the embedded cluster supports, read from its own tables, as the tables of docs/emulator.md.

`python -m tests.emulator.coverage` writes them into the document; a test says when that is due.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from k8slab.emulator.controllers.manager import controller_names
from k8slab.emulator.nodes import commands
from k8slab.emulator.nodes.images import repositories
from k8slab.emulator.nodes.process import COMMANDS
from k8slab.emulator.resources import KINDS, Resource, load_resources
from k8slab.emulator.rules.base import load_rules

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "emulator.md"
BEHAVIOURS = Path(__file__).parent / "behaviours.yaml"
# What makes a kind live. A part that is not there (yet) makes the kind's support partial.
LIVES_BY: dict[str, tuple[str, ...]] = {
    "configmaps": ("root-ca-certificate-publisher",),
    "cronjobs.batch": ("cronjob",),
    "daemonsets.apps": ("daemonset",),
    "deployments.apps": ("deployment",),
    "endpoints": ("endpoint", "endpointslicemirroring"),
    "endpointslices.discovery.k8s.io": ("endpointslice",),
    "horizontalpodautoscalers.autoscaling": ("horizontalpodautoscaler",),
    "jobs.batch": ("job", "ttl-after-finished"),
    "namespaces": ("namespace",),
    "nodes": ("nodelifecycle", "taint-eviction-controller", "ttl"),
    "persistentvolumeclaims": ("persistentvolumeclaim-protection", "persistentvolume-binder"),
    "persistentvolumes": ("persistentvolume-binder", "persistentvolume-protection", "provisioner"),
    "poddisruptionbudgets.policy": ("disruption",),
    "pods": ("podgc", "garbage-collector"),
    "replicasets.apps": ("replicaset",),
    "replicationcontrollers": ("replicationcontroller",),
    "serviceaccounts": ("serviceaccount",),
    "services": ("service-lb-controller",),
    "statefulsets.apps": ("statefulset",),
}
MARKS = "<!-- {}: written by python -m tests.emulator.coverage -->", "<!-- end of {} -->"


def kinds_table() -> Iterator[str]:
    rules, running, columns = load_rules(), set(controller_names()), _columns()
    yield "| kind | API | support | own columns | controllers | subresources |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for kind in load_resources():
        lives_by = LIVES_BY.get(kind.key, ())
        there = [name for name in lives_by if name in running]
        missing = [f"~~{name}~~" for name in lives_by if name not in running]
        cells = (
            kind.kind,
            f"`{kind.api_version}`",
            _support(kind, kind.key in rules, bool(missing)),
            "yes" if kind.key in columns else "–",
            ", ".join([*there, *missing]) or "–",
            ", ".join(kind.subresources) or "–",
        )
        yield f"| {' | '.join(cells)} |"


def _support(kind: Resource, has_rules: bool, lacks: bool) -> str:
    if kind.verbs == ("create",):
        return "answered"
    if not has_rules:
        return "stored"
    return "partly" if lacks else "yes"


def _columns() -> set[str]:
    return set(yaml.safe_load((KINDS / "columns.yaml").read_text(encoding="utf-8")))


def behaviours() -> dict[str, list[dict[str, str]]]:
    """By area: what it does, how far, and the test that shows it."""
    found: dict[str, list[dict[str, str]]] = yaml.safe_load(BEHAVIOURS.read_text(encoding="utf-8"))
    return found


def behaviours_table() -> Iterator[str]:
    yield "| area | behaviour | supported | shown by |"
    yield "| --- | --- | --- | --- |"
    for area, entries in behaviours().items():
        for entry in entries:
            shown = f"`{entry['test']}`" if "test" in entry else "–"
            yield f"| {area} | {entry['what']} | {entry['supported']} | {shown} |"


def programs_list() -> Iterator[str]:
    for module in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"{commands.__name__}.{module.name}")
    images = (name.removeprefix("docker.io/library/") for name in sorted(repositories()))
    yield "Images: " + ", ".join(f"`{name}`" for name in images) + "."
    yield ""
    yield "Programs: " + ", ".join(f"`{name}`" for name in sorted(COMMANDS)) + "."


PARTS = {"kinds": kinds_table, "behaviours": behaviours_table, "programs": programs_list}


def written(document: str) -> str:
    """The document with every part as it is now."""
    for name, lines in PARTS.items():
        first, last = (mark.format(name) for mark in MARKS)
        part = re.compile(f"{re.escape(first)}.*?{re.escape(last)}", re.DOTALL)
        text = "\n".join((first, "", *lines(), "", last))
        document = part.sub(lambda _, text=text: text, document)  # type: ignore[misc]  # the text of this round
    return document


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
