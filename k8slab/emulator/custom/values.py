"""Custom objects against their schema: defaults, pruning, and what is wrong in the words of the real server."""

from __future__ import annotations

import math
from typing import Any

import orjson

from k8slab.emulator.custom.formats import FORMATS
from k8slab.emulator.custom.marks import EMBEDDED, INT_OR_STRING, RULES, Node
from k8slab.emulator.custom.rules import MISSING, SELF, judge_rules
from k8slab.emulator.expressions import ExpressionError, evaluate
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.schema import Type
from k8slab.emulator.status import Cause

ROOT_FIELDS = ("apiVersion", "kind", "metadata")


def prune(node: Type, value: Any, path: str, unknown: list[str]) -> Any:
    """The value without the fields that its type does not know; their paths are noted."""
    if node.shape == "struct" and isinstance(value, dict):
        kept = {}
        for name, child in value.items():
            known = node.fields.get(name)
            if known is not None:
                kept[name] = prune(known, child, f"{path}{name}.", unknown)
            elif node.open:
                kept[name] = child
            else:
                unknown.append(f'unknown field "{path}{name}"')
        return kept
    if node.shape == "map" and isinstance(value, dict) and node.element is not None:
        return {key: prune(node.element, child, f"{path}{key}.", unknown) for key, child in value.items()}
    if node.shape == "list" and isinstance(value, list) and node.element is not None:
        stem = path.removesuffix(".")
        return [prune(node.element, child, f"{stem}[{index}].", unknown) for index, child in enumerate(value)]
    return value


def fill(schema: Node, value: Any) -> None:
    """Defaults, in place. A null where null may not be counts as not said."""
    if isinstance(value, dict):
        for name, child in (schema.get("properties") or {}).items():
            if "default" in child and (name not in value or (value[name] is None and not child.get("nullable"))):
                value[name] = orjson.loads(orjson.dumps(child["default"]))
            if name in value:
                fill(child, value[name])
        extra = schema.get("additionalProperties")
        if isinstance(extra, dict):
            for child in value.values():
                fill(extra, child)
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for child in value:
            fill(schema["items"], child)


def validate(schema: Node, obj: Node, old: Node | None, errors: FieldErrors) -> None:
    """A whole object: its metadata is judged elsewhere."""
    _members(schema, obj, "", errors, old)
    judge_rules(schema, obj, MISSING if old is None else old, "", errors)


def _judge(schema: Node, value: Any, path: str, errors: FieldErrors, old: Any) -> None:
    if value is None and schema.get("nullable"):
        return
    if old is not MISSING and old == value and type(old) is type(value):
        transitions(schema, value, old, path, errors)  # what was stored may stay, even if it is no longer allowed
        return
    if not _has_type(schema, value):
        wanted = "integer,string" if schema.get(INT_OR_STRING) else schema.get("type", "")
        _mismatch(path, wanted, value, errors)
        return
    before = len(errors)
    if isinstance(value, dict):
        _members(schema, value, path, errors, old)
    elif isinstance(value, list):
        _items(schema, value, path, errors, old)
    elif isinstance(value, str):
        _text(schema, value, path, errors)
    elif not isinstance(value, bool):
        _number(schema, value, path, errors)
    if "enum" in schema and value not in schema["enum"]:
        listed = [one if isinstance(one, str) else orjson.dumps(one).decode() for one in schema["enum"]]
        errors.unsupported(path, value, listed)
    _combined(schema, value, path, errors)
    if len(errors) == before:
        judge_rules(schema, value, old, path, errors)


def _has_type(schema: Node, value: Any) -> bool:
    if schema.get(INT_OR_STRING):
        return isinstance(value, int | str) and not isinstance(value, bool)
    kind = schema.get("type")
    if not kind:
        return value is not None or bool(schema.get("x-kubernetes-preserve-unknown-fields")) or not schema
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    plain = {"object": dict, "array": list, "string": str, "boolean": bool}
    return kind in plain and isinstance(value, plain[kind])


def _type_name(value: Any) -> str:
    if isinstance(value, float) and not value.is_integer():
        return "number"
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _mismatch(path: str, wanted: str, value: Any, errors: FieldErrors) -> None:
    found = _type_name(value)
    text = f'Invalid value: "{found}": {path} in body must be of type {wanted}: "{found}"'
    errors.append(Cause("FieldValueTypeInvalid", text, path))


def _members(schema: Node, value: Node, path: str, errors: FieldErrors, old: Any) -> None:
    for name in schema.get("required") or ():
        if name not in value:
            errors.required(f"{path}.{name}" if path else name)
    properties, extra = schema.get("properties") or {}, schema.get("additionalProperties")
    for name, child in value.items():
        below = properties.get(name) or (extra if isinstance(extra, dict) else None)
        if below is None or (name in ROOT_FIELDS and (not path or schema.get(EMBEDDED))):
            continue
        place = f"{path}.{name}" if path else name
        _judge(below, child, place, errors, old.get(name, MISSING) if isinstance(old, dict) else MISSING)
    most, least = schema.get("maxProperties"), schema.get("minProperties")
    if most is not None and len(value) > most:
        errors.too_many(path, len(value), most)
    if least is not None and len(value) < least:
        errors.invalid(path, value, f"{path} in body should have at least {least} properties")


def _items(schema: Node, value: list[Any], path: str, errors: FieldErrors, old: Any) -> None:
    most, least = schema.get("maxItems"), schema.get("minItems")
    if most is not None and len(value) > most:
        errors.too_many(path, len(value), most)
    if least is not None and len(value) < least:
        errors.invalid(path, len(value), f"{path} in body should have at least {least} items")
    if isinstance(schema.get("items"), dict):
        for index, child in enumerate(value):
            _judge(schema["items"], child, f"{path}[{index}]", errors, _counterpart(schema, child, old))
    _twice(schema, value, path, errors)


def _counterpart(schema: Node, item: Any, old: Any) -> Any:
    """The item of the old list that has the same keys; only lists that are maps have such."""
    keys = schema.get("x-kubernetes-list-map-keys") or []
    if schema.get("x-kubernetes-list-type") != "map" or not isinstance(old, list) or not isinstance(item, dict):
        return MISSING
    wanted = [item.get(key) for key in keys]
    same = (one for one in old if isinstance(one, dict) and [one.get(key) for key in keys] == wanted)
    return next(same, MISSING)


def _twice(schema: Node, value: list[Any], path: str, errors: FieldErrors) -> None:
    kind, keys = schema.get("x-kubernetes-list-type"), schema.get("x-kubernetes-list-map-keys") or []
    if kind not in ("set", "map"):
        return
    seen: set[bytes] = set()
    for index, child in enumerate(value):
        shown = (
            {key: child[key] for key in keys if key in child} if kind == "map" and isinstance(child, dict) else child
        )
        mark = orjson.dumps(shown, option=orjson.OPT_SORT_KEYS)
        if mark in seen:
            errors.duplicate(f"{path}[{index}]", shown)
        seen.add(mark)


def _text(schema: Node, value: str, path: str, errors: FieldErrors) -> None:
    most, least = schema.get("maxLength"), schema.get("minLength")
    if most is not None and len(value) > most:
        errors.too_long(path, most)
    if least is not None and len(value) < least:
        errors.invalid(path, value, f"{path} in body should be at least {least} chars long")
    pattern, form = schema.get("pattern"), schema.get("format")
    if pattern and not _matches(pattern, value):
        errors.invalid(path, value, f"{path} in body should match '{pattern}'")
    if form in FORMATS and not FORMATS[form](value):
        errors.invalid(path, value, f'{path} in body must be of type {form}: "{value}"')


def check_default(schema: Node, place: str, errors: FieldErrors) -> None:
    _judge({name: value for name, value in schema.items() if name != RULES}, schema["default"], place, errors, MISSING)


def is_pattern(pattern: str) -> bool:
    try:
        evaluate("self.matches(oldSelf)", {"self": "", "oldSelf": pattern}, SELF)
    except ExpressionError:
        return False
    return True


def _matches(pattern: str, value: str) -> bool:
    """By CEL's `matches`: RE2, as in Go, takes linear time whatever the pattern. A bad pattern fits everything."""
    try:
        return evaluate("self.matches(oldSelf)", {"self": value, "oldSelf": pattern}, SELF) is not False
    except ExpressionError:
        return True


def _number(schema: Node, value: float, path: str, errors: FieldErrors) -> None:
    least, most, step = schema.get("minimum"), schema.get("maximum"), schema.get("multipleOf")
    if least is not None and (value < least or (schema.get("exclusiveMinimum") and value == least)):
        how = "greater than" if schema.get("exclusiveMinimum") else "greater than or equal to"
        errors.invalid(path, value, f"{path} in body should be {how} {least}")
    if most is not None and (value > most or (schema.get("exclusiveMaximum") and value == most)):
        how = "less than" if schema.get("exclusiveMaximum") else "less than or equal to"
        errors.invalid(path, value, f"{path} in body should be {how} {most}")
    if step and not math.isclose(value / step, round(value / step), abs_tol=1e-9):
        errors.invalid(path, value, f"{path} in body should be a multiple of {step}")


def _fits(schema: Node, value: Any, path: str) -> bool:
    found = FieldErrors()
    _judge(schema, value, path, found, MISSING)
    return not found


def _combined(schema: Node, value: Any, path: str, errors: FieldErrors) -> None:
    for part in schema.get("allOf") or ():
        _judge({"type": _plain_type(value), **part}, value, path, errors, MISSING)
    why = ""
    fitting = [sum(_fits({"type": _plain_type(value), **part}, value, path) for part in schema.get(name) or ())
               for name in ("anyOf", "oneOf")]  # fmt: skip
    if schema.get("anyOf") and not fitting[0]:
        why = "must validate at least one schema (anyOf)"
    elif schema.get("oneOf") and fitting[1] != 1:
        found = "none valid" if not fitting[1] else f"{fitting[1]} valid alternatives"
        why = f"must validate one and only one schema (oneOf). Found {found}"
    elif schema.get("not") and _fits({"type": _plain_type(value), **schema["not"]}, value, path):
        why = "must not validate the schema (not)"
    if why:
        errors.append(Cause("FieldValueInvalid", f'Invalid value: "": "{path}" {why}', "<nil>"))


def _plain_type(value: Any) -> str:
    return _type_name(value)


def transitions(schema: Node, value: Any, old: Any, path: str, errors: FieldErrors) -> None:
    """Of what has not changed, only the rules that compare it with what it was."""
    if isinstance(value, dict):
        properties, extra = schema.get("properties") or {}, schema.get("additionalProperties")
        for name, child in value.items():
            below = properties.get(name) or (extra if isinstance(extra, dict) else None)
            if below is not None:
                transitions(below, child, old[name], f"{path}.{name}" if path else name, errors)
    elif isinstance(value, list) and schema.get("x-kubernetes-list-type") == "map":
        for index, child in enumerate(value):
            transitions(schema["items"], child, old[index], f"{path}[{index}]", errors)
    judge_rules(schema, value, old, path, errors, only_transitions=True)
