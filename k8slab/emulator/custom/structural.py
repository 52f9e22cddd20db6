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
KEPT = ("description", "required", LIST_TYPE, LIST_KEYS, MAP_TYPE, PRESERVE)
KEPT_OF_VALUES = ("format", "enum", "default", "pattern", "minimum", "maximum", "minLength", "maxLength")


def as_definition(schema: Node, group: str, version: str, kind: str, common: Node) -> Node:
    """The whole kind, in the dialect of the shipped definitions; `common` is what these say of apiVersion, kind and
    metadata."""
    root = _dialect(schema)
    words = {name: {"description": common[name]["description"]} for name in ("apiVersion", "kind", "metadata")}
    root["properties"] = {name: {**words.get(name, {}), **child} for name, child in _whole(root).items()}
    root["x-kubernetes-group-version-kind"] = [{"group": group, "version": version, "kind": kind}]
    return root


def _whole(node: Node) -> Node:
    """The fields of an object, with those that every one has."""
    own = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"$ref": f"#/$defs/{META}"}}
    return {**(node.get("properties") or {}), **own}


def _dialect(node: Node) -> Node:
    found: Node = {name: node[name] for name in KEPT if name in node}
    kind = node.get("type")
    if node.get(INT_OR_STRING) or not kind:
        kept = {name: value for name, value in found.items() if name in ("description", PRESERVE)}
        return {**kept, INT_OR_STRING: True} if node.get(INT_OR_STRING) else kept
    found["type"] = kind
    if kind == "array":
        found["items"] = _dialect(node.get("items") or {})
    elif kind == "object":
        _object(node, found)
    for name in KEPT_OF_VALUES:
        if name in node and kind not in ("object", "array"):
            found[name] = node[name]
    return found


def _object(node: Node, found: Node) -> None:
    extra = node.get("additionalProperties")
    properties = {name: _dialect(child) for name, child in (node.get("properties") or {}).items()}
    if node.get(EMBEDDED):
        properties = _whole({"properties": properties})
    if isinstance(extra, dict):
        found["additionalProperties"] = _dialect(extra)
    elif properties or not (node.get(PRESERVE) or extra is True):
        found["properties"] = properties  # without any: everything below is unknown and dropped
