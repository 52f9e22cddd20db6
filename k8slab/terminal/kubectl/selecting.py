"""Label selectors on objects that are here already (`apply -l`)."""

from __future__ import annotations

import re

from k8slab.kube.client import Obj

from .invocation import Failed

_PART = re.compile(r"\s*(!?)\s*([^\s!=,()]+)\s*(?:(==|=|!=)\s*([^\s,()]*)|\s(in|notin)\s*\(([^)]*)\))?\s*(?:,|$)")


def matches(selector: str, obj: Obj) -> bool:
    """Whether an object's labels fit. Raises Failed where the selector cannot be read."""
    labels = (obj.get("metadata") or {}).get("labels") or {}
    selector = " ".join(selector.split())  # long blanks would cost the pattern much
    place = 0
    while place < len(selector):
        part = _PART.match(selector, place)
        if part is None:
            raise Failed(f"error: unable to parse requirement: {selector[place:]}")
        place = part.end()
        if not _fits(part, labels):
            return False
    return True


def _fits(part: re.Match[str], labels: dict[str, str]) -> bool:
    negated, key, operator, value, word, values = part.groups()
    if operator:
        return (labels.get(key) == value) != (operator == "!=")
    if word:
        return (labels.get(key) in [each.strip() for each in values.split(",")]) != (word == "notin")
    return (key in labels) != bool(negated)
