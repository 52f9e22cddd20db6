"""Horizontal pod autoscalers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..about import About, count, moment
from ..events import write_events
from ..metadata import write_head
from ..registry import describes
from ..text import Text

Map = Mapping[str, Any]
UNKNOWN = "<unknown>"
_KEYS = {
    "External": "external",
    "Pods": "pods",
    "Object": "object",
    "Resource": "resource",
    "ContainerResource": "containerResource",
}


@describes("HorizontalPodAutoscaler", "autoscaling")
def describe(about: About, to: Text) -> None:
    spec, status = about.spec, about.status
    target = spec.get("scaleTargetRef") or {}
    write_head(about, to)
    to.field("CreationTimestamp", moment(about.metadata.get("creationTimestamp")))
    to.field("Reference", f"{target.get('kind', '')}/{target.get('name', '')}")
    to.field("Metrics", "( current / target )")
    now = status.get("currentMetrics") or ()
    for i, metric in enumerate(spec.get("metrics") or ()):
        _metric(to, metric, now[i] if i < len(now) else {})
    to.field("Min replicas", "<unset>" if spec.get("minReplicas") is None else spec["minReplicas"])
    to.field("Max replicas", count(spec.get("maxReplicas")))
    if spec.get("behavior"):
        to.write(0, "Behavior:\n")
        _direction(to, "Scale Up", spec["behavior"].get("scaleUp"))
        _direction(to, "Scale Down", spec["behavior"].get("scaleDown"))
    current, desired = count(status.get("currentReplicas")), count(status.get("desiredReplicas"))
    to.field(f"{target.get('kind', '')} pods", f"{current} current / {desired} desired")
    _conditions(about, to)
    write_events(about, to)


def _metric(to: Text, metric: Map, now: Map) -> None:
    kind = str(metric.get("type", ""))
    key = _KEYS.get(kind)
    if key is None:
        to.write(1, f'<unknown metric type "{kind}">\n')
        return
    source = metric.get(key) or {}
    target, current = source.get("target") or {}, (now.get(key) or {}).get("current") or {}
    if kind in ("Resource", "ContainerResource"):
        _resource(to, source, target, current)
        return
    average = "averageValue" in target
    name = (source.get("metric") or {}).get("name", "")
    if kind == "Pods":
        title = f'"{name}" on pods'
    else:
        of = source.get("describedObject") or {}
        where = f" on {of.get('kind', '')}/{of.get('name', '')}" if kind == "Object" else ""
        title = f'"{name}"{where} (target {"average value" if average else "value"})'
    value = "averageValue" if average else "value"
    to.field(title, f"{current.get(value, UNKNOWN)} / {target.get(value, '0')}", 1)


def _resource(to: Text, source: Map, target: Map, current: Map) -> None:
    container = f' of container "{source["container"]}"' if "container" in source else ""
    title = f"resource {source.get('name', '')}{container} on pods"
    if target.get("averageValue") is not None:
        to.field(title, f"{current.get('averageValue', UNKNOWN)} / {target['averageValue']}", 1)
        return
    shown, wanted = UNKNOWN, "<auto>"
    if current.get("averageUtilization") is not None:
        shown = f"{current['averageUtilization']}% ({current.get('averageValue', '0')})"
    if target.get("averageUtilization") is not None:
        wanted = f"{target['averageUtilization']}%"
    to.field(f"{title}  (as a percentage of request)", f"{shown} / {wanted}", 1)


def _direction(to: Text, title: str, rules: Map | None) -> None:
    if rules is None:
        return
    to.line(1, f"{title}:")
    if rules.get("stabilizationWindowSeconds") is not None:
        to.line(2, f"Stabilization Window: {rules['stabilizationWindowSeconds']} seconds")
    policies = rules.get("policies") or ()
    if policies:
        to.line(2, f"Select Policy: {rules.get('selectPolicy') or 'Max'}")
        to.line(2, "Policies:")
    for each in policies:
        kind, value = each.get("type", ""), each.get("value", 0)
        to.line(3, f"- Type: {kind}", f"Value: {value}", f"Period: {each.get('periodSeconds', 0)} seconds")


def _conditions(about: About, to: Text) -> None:
    conditions = about.status.get("conditions") or ()
    if conditions:
        to.write(0, "Conditions:\n")
        to.line(1, "Type", "Status", "Reason", "Message")
        to.line(1, "----", "------", "------", "-------")
    for each in conditions:
        to.line(1, *(str(each.get(key) or "") for key in ("type", "status", "reason", "message")))
