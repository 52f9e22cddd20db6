"""A CustomResourceDefinition's schema, as the definition that all kinds are made of."""

from __future__ import annotations

from k8slab.emulator.custom.marks import (
    EMBEDDED,
    INT_OR_STRING,
    LIST_KEYS,
    LIST_TYPE,
    MAP_TYPE,
    PRESERVE,
    Node,
)

META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
MERGE_HINTS = (LIST_TYPE, LIST_KEYS, MAP_TYPE)


def as_definition(schema: Node, group: str, version: str, kind: str) -> Node:
    """The whole kind, in the dialect of the shipped definitions."""
    root = _dialect(schema, root=True)
    root["x-kubernetes-group-version-kind"] = [{"group": group, "version": version, "kind": kind}]
    return root


def _dialect(node: Node, *, root: bool = False) -> Node:
    found: Node = {name: node[name] for name in ("description", "required", *MERGE_HINTS, PRESERVE) if name in node}
    kind = node.get("type")
    if node.get(INT_OR_STRING) or not kind:
        return {name: value for name, value in found.items() if name == "description"}
    found["type"] = kind
    if kind == "array":
        found["items"] = _dialect(node.get("items") or {})
    elif kind == "object":
        _object(node, found, root=root)
    for name in ("format", "enum"):
        if name in node and kind not in ("object", "array"):
            found[name] = node[name]
    return found


def _object(node: Node, found: Node, *, root: bool) -> None:
    extra = node.get("additionalProperties")
    properties = {name: _dialect(child) for name, child in (node.get("properties") or {}).items()}
    if root or node.get(EMBEDDED):
        properties |= {"apiVersion": {"type": "string"}, "kind": {"type": "string"}}
        properties["metadata"] = {"$ref": f"#/$defs/{META}"}
    if isinstance(extra, dict):
        found["additionalProperties"] = _dialect(extra)
    elif properties or not (node.get(PRESERVE) or extra is True):
        found["properties"] = properties  # without any: everything below is unknown and dropped
