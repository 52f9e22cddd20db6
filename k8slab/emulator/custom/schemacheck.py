"""Whether the schema of a CustomResourceDefinition is one that the server can work with: a structural one."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.custom.marks import (
    EMBEDDED,
    INT_OR_STRING,
    LIST_KEYS,
    LIST_TYPE,
    MAP_TYPE,
    PRESERVE,
    Node,
)
from k8slab.emulator.custom.rulecheck import check_rules
from k8slab.emulator.custom.values import check_default, is_pattern
from k8slab.emulator.fielderrors import FieldErrors

TYPES = ("array", "boolean", "integer", "number", "object", "string")
NOT_SUPPORTED = ("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref")
COMBINED = ("allOf", "anyOf", "oneOf")
NOT_INSIDE = ("description", "type", "default", "additionalProperties", "nullable")  # of what is combined
DEEPEST = 64


def check_schema(schema: Node, place: str, errors: FieldErrors) -> None:
    """The schema of a whole object. Its rules are looked at when all else is right, as their errors would mislead."""
    if not schema.get("type"):
        errors.required(f"{place}.type", "must not be empty at the root")
    elif schema["type"] != "object":
        errors.invalid(f"{place}.type", schema["type"], "must be object at the root")
    if schema.get("nullable"):
        errors.forbidden(f"{place}.nullable", "nullable cannot be true at the root")
    before = len(errors)
    _check(schema, place, errors, 0)
    if len(errors) == before:
        check_rules(schema, place, errors)


def _check(node: Node, place: str, errors: FieldErrors, depth: int) -> None:
    kind = node.get("type")
    if depth > DEEPEST:
        errors.invalid(place, "", "is nested too deeply")
        return
    if kind and kind not in TYPES:
        errors.unsupported(f"{place}.type", kind, TYPES)
    if kind == "array" and not isinstance(node.get("items"), dict):
        errors.required(f"{place}.items", "must be specified")
    _check_keywords(node, place, errors)
    _check_list(node, place, errors)
    for name, child in (node.get("properties") or {}).items():
        _check_child(child, f"{place}.properties[{name}]", "object fields", errors, depth)
    if isinstance(node.get("items"), dict):
        _check_child(node["items"], f"{place}.items", "array items", errors, depth)
    if isinstance(node.get("additionalProperties"), dict):
        _check_child(node["additionalProperties"], f"{place}.additionalProperties", "object fields", errors, depth)
    if "default" in node and kind in TYPES:
        check_default(node, f"{place}.default", errors)


def _check_keywords(node: Node, place: str, errors: FieldErrors) -> None:
    if node.get("properties") and node.get("additionalProperties"):
        errors.forbidden(f"{place}.additionalProperties", "additionalProperties and properties are mutual exclusive")
    if node.get("uniqueItems"):
        errors.forbidden(
            f"{place}.uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
        )
    if node.get(PRESERVE) is False:
        errors.invalid(f"{place}.{PRESERVE}", False, "must be true or undefined")
    for name in NOT_SUPPORTED:
        if node.get(name):
            errors.forbidden(f"{place}.{name}", f"{name} is not supported")
    if node.get(EMBEDDED) and node.get("type") != "object":
        errors.invalid(f"{place}.type", node.get("type", ""), f"must be object if {EMBEDDED} is true")
    if node.get(EMBEDDED) and not node.get("properties") and not node.get(PRESERVE):
        errors.required(f"{place}.properties", f"must not be empty if {EMBEDDED} is true without {PRESERVE}")
    if node.get(INT_OR_STRING) and node.get("type"):
        errors.invalid(f"{place}.type", node["type"], f"must be empty if {INT_OR_STRING} is true")
    kind = node.get(MAP_TYPE)
    if kind and node.get("type") != "object":
        errors.invalid(f"{place}.type", node.get("type", ""), f"must be object if {MAP_TYPE} is specified")
    if kind and kind not in ("atomic", "granular"):
        errors.unsupported(f"{place}.{MAP_TYPE}", kind, ("atomic", "granular"))
    if node.get("pattern") and not is_pattern(node["pattern"]):
        errors.invalid(f"{place}.pattern", node["pattern"], "must be a valid regular expression")
    for name in COMBINED:
        for index, part in enumerate(node.get(name) or []):
            _check_combined(part, f"{place}.{name}[{index}]", errors)
    if isinstance(node.get("not"), dict):
        _check_combined(node["not"], f"{place}.not", errors)


def _check_combined(part: Any, place: str, errors: FieldErrors) -> None:
    """It may judge values, but say nothing of their shape."""
    for name in NOT_INSIDE if isinstance(part, dict) else ():
        if part.get(name) and not (name == "type" and INT_OR_STRING in part):
            errors.forbidden(f"{place}.{name}", "must be empty to be structural")


def _check_child(child: Any, place: str, what: str, errors: FieldErrors, depth: int) -> None:
    if not isinstance(child, dict):
        errors.invalid(place, child, "must be a schema")
        return
    if not child.get("type") and not child.get(PRESERVE) and not child.get(INT_OR_STRING):
        errors.required(f"{place}.type", f"must not be empty for specified {what}")
    _check(child, place, errors, depth + 1)


def _check_list(node: Node, place: str, errors: FieldErrors) -> None:
    kind, keys = node.get(LIST_TYPE), node.get(LIST_KEYS) or []
    if kind is not None and node.get("type") != "array":
        errors.invalid(f"{place}.type", node.get("type", ""), f"must be array if {LIST_TYPE} is specified")
    if kind not in (None, "atomic", "map", "set"):
        errors.unsupported(f"{place}.{LIST_TYPE}", kind, ("atomic", "map", "set"))
    if keys and kind is None:
        errors.required(f"{place}.{LIST_TYPE}", f"must be map if {LIST_KEYS} is non-empty")
    elif keys and kind != "map":
        errors.invalid(f"{place}.{LIST_TYPE}", kind, f"must be map if {LIST_KEYS} is non-empty")
    if kind == "map":
        _check_map(node, keys, place, errors)


def _check_map(node: Node, keys: list[str], place: str, errors: FieldErrors) -> None:
    if not keys:
        errors.required(f"{place}.{LIST_KEYS}", f"must not be empty if {LIST_TYPE} is map")
    items = node.get("items")
    if not isinstance(items, dict):
        return
    if items.get("type") != "object":
        errors.invalid(
            f"{place}.items.type", items.get("type", ""), f"must be object if parent array's {LIST_TYPE} is map"
        )
        return
    properties, required = items.get("properties") or {}, items.get("required") or []
    for key in keys:
        if key not in properties:
            errors.invalid(f"{place}.{LIST_KEYS}", keys, "entries must all be names of item properties")
        elif key not in required and "default" not in properties[key]:
            why = f"this property is in {LIST_KEYS}, so it must have a default or be a required property"
            errors.required(f"{place}.items.properties[{key}].default", why)
