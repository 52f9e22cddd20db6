"""Deployments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from k8slab.kube.client import Obj
from k8slab.kube.errors import KubeError

from ...labelselectors import selector_text
from ...rolling.replicasets import replica_sets
from ..about import About, count, moment
from ..events import write_events
from ..metadata import write_conditions, write_marks
from ..podtemplate import write_template
from ..registry import describes
from ..text import Text


@describes("Deployment", "apps")
def describe(about: About, to: Text) -> None:
    spec, status = about.spec, about.status
    to.field("Name", about.name)
    to.field("Namespace", about.namespace)
    to.field("CreationTimestamp", moment(about.metadata.get("creationTimestamp")))
    write_marks(about, to)
    to.field("Selector", selector_text(spec.get("selector")))
    counts = " | ".join(
        f"{count(status.get(key))} {word}"
        for key, word in (
            ("updatedReplicas", "updated"),
            ("replicas", "total"),
            ("availableReplicas", "available"),
            ("unavailableReplicas", "unavailable"),
        )
    )
    to.field("Replicas", f"{count(spec.get('replicas'))} desired | {counts}")
    _strategy(to, spec)
    write_template(to, spec.get("template"))
    write_conditions(to, status.get("conditions"))
    _replica_sets(about, to)
    write_events(about, to)


def _strategy(to: Text, spec: Mapping[str, Any]) -> None:
    strategy = spec.get("strategy") or {}
    to.field("StrategyType", strategy.get("type", ""))
    to.field("MinReadySeconds", count(spec.get("minReadySeconds")))
    rolling = strategy.get("rollingUpdate")
    if rolling:
        text = f"{count(rolling.get('maxUnavailable'))} max unavailable, {count(rolling.get('maxSurge'))} max surge"
        to.field("RollingUpdateStrategy", text)


def _replica_sets(about: About, to: Text) -> None:
    try:
        old, new = replica_sets(about.invocation, about.obj)
    except KubeError:
        return
    if old or new:
        to.field("OldReplicaSets", _line(old))
        to.field("NewReplicaSet", _line([new] if new else []))


def _line(sets: Iterable[Obj]) -> str:
    texts = (
        f"{each['metadata']['name']} "
        f"({count((each.get('status') or {}).get('replicas'))}/{count(each['spec'].get('replicas'))} replicas created)"
        for each in sets
    )
    return ", ".join(texts) or "<none>"
