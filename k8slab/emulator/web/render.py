"""Objects and lists as bytes, in the form that the client takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from k8slab.emulator.cluster import Cluster
from k8slab.emulator.conversion import to_version
from k8slab.emulator.later import later
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource
from k8slab.emulator.store import Entry
from k8slab.emulator.tables import table_of
from k8slab.emulator.web.accept import Form

yamltext = later("k8slab.emulator.yamltext")
YAML = b"application/yaml"
PARTIAL = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}


def converted(kind: Resource, entry: Entry) -> bytes:
    """The stored JSON, in the version that is asked for."""
    if entry.raw.startswith(kind.prefix):
        return entry.raw
    return orjson.dumps(to_version(kind, entry.obj))


def render_object(kind: Resource, obj: Obj, form: Form, cluster: Cluster, include: str = "") -> bytes:
    if form == "table":
        return orjson.dumps(
            table_of(
                kind,
                [to_version(kind, obj)],
                cluster.clock.now(),
                obj["metadata"].get("resourceVersion", ""),
                cluster.schema,
                include,
            )
        )
    if form == "partial":
        return orjson.dumps({**PARTIAL, "metadata": obj["metadata"]})
    if form == "yaml":
        return _as_yaml(to_version(kind, obj))
    return orjson.dumps(to_version(kind, obj))


def _as_yaml(value: Any) -> bytes:
    text: bytes = yamltext.as_yaml(value)
    return text


def render_list(
    kind: Resource, entries: Sequence[Entry], form: Form, metadata: dict[str, Any], cluster: Cluster, include: str = ""
) -> bytes:
    if form == "table":
        objects = [to_version(kind, entry.obj) for entry in entries]
        table = table_of(kind, objects, cluster.clock.now(), metadata["resourceVersion"], cluster.schema, include)
        return orjson.dumps({**table, "metadata": metadata})
    if form == "partial":
        items = [{**PARTIAL, "metadata": entry.obj["metadata"]} for entry in entries]
        return orjson.dumps({**PARTIAL, "kind": "PartialObjectMetadataList", "metadata": metadata, "items": items})
    if form == "yaml":
        return _as_yaml(orjson.loads(render_list(kind, entries, "json", metadata, cluster)))
    cut = len(kind.prefix)
    items_json = b",".join(b"{" + converted(kind, entry)[cut:] for entry in entries)
    head = orjson.dumps({"kind": kind.list_kind, "apiVersion": kind.api_version, "metadata": metadata})
    return head[:-1] + b',"items":[' + items_json + b"]}"
