"""A CustomResourceDefinition's schema: whether it is structural, and as the definition that all kinds are made of."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.fielderrors import FieldErrors

Node = dict[str, Any]
META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
PRESERVE, INT_OR_STRING = "x-kubernetes-preserve-unknown-fields", "x-kubernetes-int-or-string"
EMBEDDED = "x-kubernetes-embedded-resource"
TYPES = ("array", "boolean", "integer", "number", "object", "string")
MERGE_HINTS = ("x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type")
DEEPEST = 64


def check_structural(schema: Node, place: str, errors: FieldErrors) -> None:
    """The schema of a whole object."""
    if not schema.get("type"):
        errors.required(f"{place}.type", "must not be empty at the root")
    elif schema["type"] != "object":
        errors.invalid(f"{place}.type", schema["type"], "must be object at the root")
    _check(schema, place, errors, 0)


def _check(node: Node, place: str, errors: FieldErrors, depth: int) -> None:
    kind = node.get("type")
    if depth > DEEPEST:
        errors.invalid(place, "", "is nested too deeply")
        return
    if kind and kind not in TYPES:
        errors.unsupported(f"{place}.type", kind, TYPES)
    if kind == "array" and not isinstance(node.get("items"), dict):
        errors.required(f"{place}.items", "must be specified")
    if node.get("properties") and node.get("additionalProperties"):
        errors.forbidden(f"{place}.additionalProperties", "additionalProperties and properties are mutual exclusive")
    if node.get("uniqueItems"):
        errors.forbidden(f"{place}.uniqueItems", "uniqueItems cannot be set to true since the runtime complexity "
                         "becomes quadratic")  # fmt: skip
    if node.get(PRESERVE) is False:
        errors.invalid(f"{place}.{PRESERVE}", False, "must be true or undefined")
    _check_list(node, place, errors)
    for name, child in (node.get("properties") or {}).items():
        _check_child(child, f"{place}.properties[{name}]", "object fields", errors, depth)
    if isinstance(node.get("items"), dict):
        _check_child(node["items"], f"{place}.items", "array items", errors, depth)
    if isinstance(node.get("additionalProperties"), dict):
        _check_child(node["additionalProperties"], f"{place}.additionalProperties", "object fields", errors, depth)


def _check_child(child: Any, place: str, what: str, errors: FieldErrors, depth: int) -> None:
    if not isinstance(child, dict):
        errors.invalid(place, child, "must be a schema")
        return
    if not child.get("type") and not child.get(PRESERVE) and not child.get(INT_OR_STRING):
        errors.required(f"{place}.type", f"must not be empty for specified {what}")
    _check(child, place, errors, depth + 1)


def _check_list(node: Node, place: str, errors: FieldErrors) -> None:
    kind, keys = node.get("x-kubernetes-list-type"), node.get("x-kubernetes-list-map-keys") or []
    if kind is None:
        return
    if kind not in ("atomic", "map", "set"):
        errors.unsupported(f"{place}.x-kubernetes-list-type", kind, ("atomic", "map", "set"))
    if kind == "map" and not keys:
        why = "must not be empty if x-kubernetes-list-type is map"
        errors.required(f"{place}.x-kubernetes-list-map-keys", why)
    items = node.get("items")
    properties = (items.get("properties") or {}) if isinstance(items, dict) else {}
    for index, key in enumerate(keys):
        if key not in properties:
            why = "entries must all be names of item properties"
            errors.invalid(f"{place}.x-kubernetes-list-map-keys[{index}]", key, why)


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
