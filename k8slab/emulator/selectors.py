"""Label and field selectors: parsed once, asked often."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource
from k8slab.emulator.status import bad_request

TOKEN = re.compile(r"\s*(==|!=|=|>|<|!|\(|\)|,|[^\s=!<>(),]+)")
SYMBOLS = ("=", "==", "!=", "in", "notin", ">", "<")
Test = Callable[[Mapping[str, str]], bool]

FIELDS: dict[str, tuple[str, ...]] = {
    "pods": ("spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
             "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName"),
    "nodes": ("spec.unschedulable",),
    "namespaces": ("status.phase",),
    "secrets": ("type",),
    "services": ("spec.clusterIP", "spec.type"),
    "events": ("involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
               "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
               "reportingComponent", "source", "type"),
    "replicationcontrollers": ("status.replicas",),
    "replicasets.apps": ("status.replicas",),
    "jobs.batch": ("status.successful",),
    "certificatesigningrequests.certificates.k8s.io": ("spec.signerName",),
}  # fmt: skip
ALWAYS = ("metadata.name", "metadata.namespace")


@dataclass(slots=True)
class Selector:
    labels: list[Test] = field(default_factory=list)
    fields: list[tuple[str, bool, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.labels or self.fields)

    def matches(self, obj: Obj) -> bool:
        if self.labels:
            labels = obj["metadata"].get("labels") or {}
            if not all(test(labels) for test in self.labels):
                return False
        return all((field_of(obj, path) == value) is equal for path, equal, value in self.fields)

    def only_name(self) -> str | None:
        """The one name that can match, where the selector says so."""
        return next((value for path, equal, value in self.fields if path == "metadata.name" and equal), None)


def field_of(obj: Obj, path: str) -> str:
    value: Any = obj
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if path == "source":
        return str((value or {}).get("component", "")) or str(obj.get("reportingComponent", ""))
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return {"spec.unschedulable": "false", "spec.hostNetwork": "false", "status.replicas": "0"}.get(path, "")
    return str(value)


def parse_selector(kind: Resource, labels: str, fields: str) -> Selector:
    return Selector(parse_labels(labels) if labels else [], _parse_fields(kind, fields) if fields else [])


# ── labels ──


def parse_labels(text: str) -> list[Test]:
    tokens = _tokens(text)
    tests: list[Test] = []
    while tokens:
        tests.append(_requirement(tokens))
        if tokens and tokens.pop(0) != ",":
            raise _unexpected(tokens[0] if tokens else "", "',' or 'end of string'")
    return tests


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(text.strip())


def _requirement(tokens: list[str]) -> Test:
    negated = tokens[0] == "!"
    if negated:
        tokens.pop(0)
    key = tokens.pop(0) if tokens else ""
    if not key or not re.match(r"[\w./-]+$", key):
        raise _unexpected(key, "!, identifier, or 'end of string'")
    if negated:
        return lambda labels: key not in labels
    if not tokens or tokens[0] == ",":
        return lambda labels: key in labels
    return _comparison(key, tokens.pop(0), tokens)


def _comparison(key: str, operator: str, tokens: list[str]) -> Test:
    if operator in ("in", "notin"):
        values = _values(tokens)
        if operator == "in":
            return lambda labels: labels.get(key) in values
        return lambda labels: labels.get(key) not in values
    if operator not in SYMBOLS:
        raise _unexpected(operator, ", ".join(("in", "notin", "=", "==", "!=", "gt", "lt")))
    value = tokens.pop(0) if tokens and tokens[0] != "," else ""
    if operator in ("=", "=="):
        return lambda labels: labels.get(key) == value
    if operator == "!=":
        return lambda labels: labels.get(key) != value
    limit, above = int(value) if value.lstrip("-").isdigit() else 0, operator == ">"
    return lambda labels: _is_beyond(labels.get(key), limit, above)


def _is_beyond(value: str | None, limit: int, above: bool) -> bool:
    if value is None or not value.lstrip("-").isdigit():
        return False
    return int(value) > limit if above else int(value) < limit


def _values(tokens: list[str]) -> set[str]:
    found = tokens.pop(0) if tokens else ""
    if found != "(":
        raise _unexpected(found, "'('")
    values: set[str] = set()
    while tokens and tokens[0] != ")":
        word = tokens.pop(0)
        if word != ",":
            values.add(word)
    if not tokens:
        raise _unexpected("", "',' or ')'")
    tokens.pop(0)
    return values


def _unexpected(found: str, expected: str) -> Exception:
    return bad_request(f"unable to parse requirement: found '{found}' expected: {expected}")


# ── fields ──


def _parse_fields(kind: Resource, text: str) -> list[tuple[str, bool, str]]:
    parsed = []
    for term in text.split(","):
        match = re.match(r"(.*?)(!=|==|=)(.*)$", term)
        if not term:
            continue
        if not match:
            raise bad_request(f"invalid selector: '{text}'; can't understand '{term}'")
        _check_field(kind, match[1])
        parsed.append((match[1], match[2] != "!=", match[3]))
    return parsed


def _check_field(kind: Resource, path: str) -> None:
    special = kind.selectable if kind.custom else FIELDS.get(kind.key, ())
    if path in special or (path in ALWAYS and (kind.namespaced or not kind.custom or path == "metadata.name")):
        return
    if special or kind.custom:
        raise bad_request(f"field label not supported: {path}")
    raise bad_request(f'"{path}" is not a known field selector: only "metadata.name", "metadata.namespace"')


# ── selectors inside objects ──


def matches_selector(selector: Obj | None, labels: Mapping[str, str]) -> bool:
    """metav1.LabelSelector: none selects nothing, an empty one everything."""
    if selector is None:
        return False
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(_expression(one, labels) for one in selector.get("matchExpressions") or [])


def _expression(expression: Obj, labels: Mapping[str, str]) -> bool:
    value, values = labels.get(expression["key"]), expression.get("values") or []
    operator = expression["operator"]
    if operator == "In":
        return value is not None and value in values
    if operator == "NotIn":
        return value is None or value not in values
    return (value is not None) is (operator == "Exists")


def selector_text(selector: Obj | None) -> str:
    """A LabelSelector, or a plain map of labels, as one line."""
    if not selector:
        return ""
    labels = (
        selector.get("matchLabels", {}) if "matchLabels" in selector or "matchExpressions" in selector else selector
    )
    terms = [f"{key}={value}" for key, value in labels.items()]
    for one in selector.get("matchExpressions") or []:
        key, operator, values = one["key"], one["operator"], ",".join(sorted(one.get("values") or []))
        form = {"In": f"{key} in ({values})", "NotIn": f"{key} notin ({values})", "Exists": key}
        terms.append(form.get(operator, f"!{key}"))
    return ",".join(sorted(terms))
