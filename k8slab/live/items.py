"""From a Kubernetes object to the small thing that a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .messages import EventItem, Item
from .summaries import network, outside, pod, storage, workloads
from .summaries.registry import summarise

Obj = Mapping[str, Any]
MESSAGE_LIMIT = 1000  # characters of a message that a page gets; an image's error can be long
SUMMARIES = (network, outside, pod, storage, workloads)  # importing them registers their kinds


def to_item(obj: Obj) -> Item:
    meta, summary = obj["metadata"], summarise(obj)
    return Item(
        uid=meta["uid"],
        apiVersion=obj["apiVersion"],
        kind=obj["kind"],
        name=meta["name"],
        resourceVersion=meta.get("resourceVersion", ""),
        owner=next((ref["uid"] for ref in meta.get("ownerReferences") or () if ref.get("controller")), ""),
        labels=dict(meta.get("labels") or {}),
        created=meta.get("creationTimestamp", ""),
        state=summary.state,
        reason=summary.reason,
        message=summary.message[:MESSAGE_LIMIT],
        detail=summary.detail,
    )


def same_item(one: Item, other: Item) -> bool:
    """Whether a page would show the same."""
    return {**one, "resourceVersion": ""} == {**other, "resourceVersion": ""}


def to_event(obj: Obj) -> EventItem:
    involved = obj.get("involvedObject") or obj.get("regarding") or {}
    series = obj.get("series") or {}
    last = (
        series.get("lastObservedTime")
        or obj.get("lastTimestamp")
        or obj.get("eventTime")
        or obj["metadata"].get("creationTimestamp", "")
    )
    return EventItem(
        uid=obj["metadata"]["uid"],
        type=obj.get("type", "Normal"),
        reason=obj.get("reason", ""),
        message=(obj.get("message") or obj.get("note") or "")[:MESSAGE_LIMIT],
        object=f"{involved.get('kind', '')}/{involved.get('name', '')}",
        count=series.get("count") or obj.get("count") or 1,
        last=last,
    )


def is_fixture(obj: Obj) -> bool:
    """What a namespace has without the student's doing: shown nowhere."""
    name, kind = obj["metadata"]["name"], obj["kind"]
    return (kind, name) == ("ConfigMap", "kube-root-ca.crt") or obj.get("type") == "kubernetes.io/service-account-token"
