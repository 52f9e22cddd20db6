"""Label selectors, as controllers and the scheduler match them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Labels = Mapping[str, str]


def labels_of(obj: Mapping[str, Any]) -> Labels:
    return obj["metadata"].get("labels") or {}


def contains(labels: Labels, wanted: Mapping[str, str]) -> bool:
    return all(labels.get(key) == value for key, value in wanted.items())


def matches(selector: Mapping[str, Any] | None, labels: Labels) -> bool:
    """A metav1.LabelSelector: null selects nothing, an empty one everything."""
    if selector is None:
        return False
    if not contains(labels, selector.get("matchLabels") or {}):
        return False
    return all(_holds(term, labels) for term in selector.get("matchExpressions") or ())


def _holds(term: Mapping[str, Any], labels: Labels) -> bool:
    key, operator, values = term["key"], term["operator"], term.get("values") or ()
    match operator:
        case "In":
            return key in labels and labels[key] in values
        case "NotIn":
            return key not in labels or labels[key] not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
        case "Gt" | "Lt":
            return _compares(labels.get(key), operator, values)
    return False


def _compares(have: str | None, operator: str, values: Any) -> bool:
    try:
        left, right = int(have or ""), int(values[0])
    except (ValueError, IndexError):
        return False
    return left > right if operator == "Gt" else left < right


def holds_all(terms: Any, labels: Labels) -> bool:
    """Node selector requirements: the same operators, Gt and Lt too."""
    return all(_holds(term, labels) for term in terms or ())
