"""Whether the CEL rules of a schema compile, and speak of fields that exist."""

from __future__ import annotations

import re
from typing import Any

from k8slab.emulator.custom.marks import (
    EMBEDDED,
    INT_OR_STRING,
    LIST_TYPE,
    PRESERVE,
    RULES,
    Node,
)
from k8slab.emulator.custom.rules import escaped, expression_of, speaks_of_old
from k8slab.emulator.expressions import ExpressionError, compiled
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.schema import ANY, Type
from k8slab.emulator.typecheck import undefined_steps

REASONS = ("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired")
META = Type("struct", fields={"name": ANY, "generateName": ANY})  # all that a rule may see of an object's metadata
STEP = re.compile(r"\.([A-Za-z_]\w*)|\['([^']+)'\]")


def check_rules(node: Node, place: str, errors: FieldErrors, lost: str = "", *, root: bool = True) -> None:
    """`lost` is the place above which old and new values can no longer be paired."""
    for index, rule in enumerate(node.get(RULES) or []):
        _check_rule(rule, node, f"{place}.{RULES}[{index}]", errors, lost, root=root)
    for name, child in (node.get("properties") or {}).items():
        check_rules(child, f"{place}.properties[{name}]", errors, lost, root=False)
    if isinstance(node.get("additionalProperties"), dict):
        check_rules(node["additionalProperties"], f"{place}.additionalProperties", errors, lost, root=False)
    if isinstance(node.get("items"), dict):
        below = lost or ("" if node.get(LIST_TYPE) == "map" else place)
        check_rules(node["items"], f"{place}.items", errors, below, root=False)


def _check_rule(rule: Node, node: Node, place: str, errors: FieldErrors, lost: str, *, root: bool) -> None:
    text, told = rule.get("rule", ""), rule.get("message", "")
    if not text.strip():
        errors.required(f"{place}.rule", "rule is not specified")
        return
    if told and not told.strip():
        errors.invalid(f"{place}.message", told, "message must be non-empty if specified")
    elif "\n" in told.strip():
        errors.invalid(f"{place}.message", told, "message must not contain line breaks")
    elif "\n" in text.strip() and not told.strip():
        errors.required(f"{place}.message", "message must be specified if rule contains line breaks")
    if rule.get("reason") and rule["reason"] not in REASONS:
        errors.unsupported(f"{place}.reason", rule["reason"], REASONS)
    if rule.get("fieldPath") and not _leads_somewhere(node, rule["fieldPath"]):
        errors.invalid(f"{place}.fieldPath", rule["fieldPath"], "fieldPath must be a valid path")
    _check_expressions(rule, node, place, errors, root=root)
    if speaks_of_old(rule) and lost:
        why = f"oldSelf cannot be used on the uncorrelatable portion of the schema within {lost}"
        errors.invalid(f"{place}.rule", text, why)
    elif "optionalOldSelf" in rule and not speaks_of_old(rule):
        why = "may not be set if oldSelf is not used in rule"
        errors.invalid(f"{place}.optionalOldSelf", rule["optionalOldSelf"], why)


def _check_expressions(rule: Node, node: Node, place: str, errors: FieldErrors, *, root: bool) -> None:
    optional = bool(rule.get("optionalOldSelf"))
    why = _complaint(rule["rule"], node, optional=optional, root=root, wanted="bool")
    if why:
        errors.invalid(f"{place}.rule", rule, why)
    if rule.get("messageExpression"):
        why = _complaint(rule["messageExpression"], node, optional=optional, root=root, wanted="string")
        if why:
            errors.invalid(f"{place}.messageExpression", rule, f"messageExpression {why}")


def _complaint(text: str, node: Node, *, optional: bool, root: bool, wanted: str) -> str:
    whole, names = expression_of(text, optional=optional)
    try:
        given = str(compiled(whole, names).return_type().name()).lower()
    except ExpressionError as error:
        return f"compilation failed: {error}"
    roots = ("self",) if optional else ("self", "oldSelf")
    unknown = undefined_steps(_type(node, root=root), text, roots)
    if unknown:
        return f"compilation failed: {unknown[0]}"
    if given not in (wanted, "dyn"):
        return "must evaluate to a string" if wanted == "string" else "cel expression must evaluate to a bool"
    return ""


def _type(node: Node, *, root: bool = False) -> Type:
    """As much of the type as a check of plain selections needs."""
    if node.get(INT_OR_STRING) or node.get(PRESERVE) or not node.get("type"):
        return ANY
    if node["type"] == "array":
        return Type("list", element=_type(node.get("items") or {}))
    if node["type"] != "object":
        return Type("string")
    if isinstance(node.get("additionalProperties"), dict):
        return Type("map", element=_type(node["additionalProperties"]))
    fields = {escaped(name): _type(child) for name, child in (node.get("properties") or {}).items()}
    if root or node.get(EMBEDDED):
        fields |= {"apiVersion": ANY, "kind": ANY, "metadata": META}
    return Type("struct", fields=fields)


def _leads_somewhere(node: Any, path: str) -> bool:
    place = 0
    while place < len(path):
        step = STEP.match(path, place)
        if step is None:
            return False
        name, place = step[1] or step[2], step.end()
        below = (node.get("properties") or {}).get(name) or node.get("additionalProperties")
        if not isinstance(below, dict):
            return False
        node = below
    return bool(path)
