"""x-kubernetes-validations: CEL rules of a schema, judged on objects."""

from __future__ import annotations

import re
from typing import Any

from k8slab.emulator.custom.marks import RULES, Node
from k8slab.emulator.expressions import ExpressionError, evaluate
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.status import Cause

SELF = ("self", "oldSelf")
WITH_OPTIONAL = ("self", "was", "existed")
MISSING = object()
OLD_SELF = re.compile(r"\boldSelf\b")
# Names that CEL cannot spell are escaped, as in `self.max__dash__age`.
ESCAPES = (("__", "__underscores__"), (".", "__dot__"), ("-", "__dash__"), ("/", "__slash__"))
KEYWORDS = ("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if",
            "import", "let", "loop", "package", "namespace", "return", "var", "void", "while")  # fmt: skip


def escaped(name: str) -> str:
    if name in KEYWORDS:
        return f"__{name}__"
    for plain, safe in ESCAPES:
        name = name.replace(plain, safe)
    return name


def speaks_of_old(rule: Node) -> bool:
    return OLD_SELF.search(rule.get("rule", "")) is not None


def expression_of(text: str, *, optional: bool) -> tuple[str, tuple[str, ...]]:
    """The expression as it is compiled, and its variables. An optional old value is bound to its name inside."""
    if not optional:
        return text, SELF
    return f"cel.bind(oldSelf, existed ? optional.of(was) : optional.none(), {text})", WITH_OPTIONAL


def judge_rules(
    schema: Node, value: Any, old: Any, path: str, errors: FieldErrors, *, only_transitions: bool = False
) -> None:
    """A rule that speaks of oldSelf holds for changes only, unless it can do without."""
    for rule in schema.get(RULES) or ():
        transition, optional = speaks_of_old(rule), bool(rule.get("optionalOldSelf"))
        if (transition and not optional and old is MISSING) or (only_transitions and not transition):
            continue
        values = _values(rule, value, old, optional=optional)
        shown = f'Invalid value: "{schema.get("type", "object")}": '
        place = f"{path}{rule.get('fieldPath', '')}".removeprefix(".") or "<nil>"
        text, names = expression_of(rule.get("rule", ""), optional=optional)
        try:
            if evaluate(text, values, names) is not True:
                errors.append(Cause(rule.get("reason") or "FieldValueInvalid", shown + _told(rule, values), place))
        except ExpressionError as error:
            errors.append(Cause("FieldValueInvalid", f"{shown}rule evaluation error: {error}", place))


def _values(rule: Node, value: Any, old: Any, *, optional: bool) -> Node:
    before = None if old is MISSING else old
    if "__" in rule.get("rule", "") + rule.get("messageExpression", ""):
        value, before = _with_safe_names(value), _with_safe_names(before)
    return {"self": value, "was": before, "existed": old is not MISSING} if optional else {
        "self": value, "oldSelf": before}  # fmt: skip


def _with_safe_names(value: Any) -> Any:
    if isinstance(value, dict):
        return {escaped(name): _with_safe_names(child) for name, child in value.items()}
    return [_with_safe_names(child) for child in value] if isinstance(value, list) else value


def _told(rule: Node, values: Node) -> str:
    if rule.get("messageExpression"):
        text, names = expression_of(rule["messageExpression"], optional=bool(rule.get("optionalOldSelf")))
        try:
            found = evaluate(text, values, names)
        except ExpressionError:
            found = None
        if isinstance(found, str) and found.strip() and "\n" not in found:
            return found
    return str(rule.get("message") or f"failed rule: {rule.get('rule', '')}")
