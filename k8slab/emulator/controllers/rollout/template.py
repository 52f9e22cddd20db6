"""Pod templates: their hash and whether two are the same."""

from __future__ import annotations

import json
from typing import Any

HASH_LABEL = "pod-template-hash"
SAFE = "bcdfghjklmnpqrstvwxz2456789"  # no vowels, no look-alikes: a hash never spells a word


def template_hash(template: Any, collisions: int = 0) -> str:
    text = json.dumps(template, sort_keys=True, separators=(",", ":")) + (str(collisions) if collisions else "")
    return safe_encode(str(fnv32a(text.encode())))


def fnv32a(data: bytes) -> int:
    value = 0x811C9DC5
    for byte in data:
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def safe_encode(text: str) -> str:
    return "".join(SAFE[ord(char) % len(SAFE)] for char in text)


def same_template(left: Any, right: Any) -> bool:
    """Whether two templates are equal but for the hash label."""
    return bool(_bare(left) == _bare(right))


def labelled(template: Any, value: str) -> dict[str, Any]:
    """The template with the hash label."""
    meta = template.get("metadata") or {}
    labels = {**(meta.get("labels") or {}), HASH_LABEL: value}
    return {**template, "metadata": {**meta, "labels": labels}}


def _bare(template: Any) -> Any:
    meta = dict(template.get("metadata") or {})
    labels = {key: value for key, value in (meta.get("labels") or {}).items() if key != HASH_LABEL}
    meta.pop("creationTimestamp", None)
    meta.pop("labels", None)
    return {**template, "metadata": {**meta, **({"labels": labels} if labels else {})}}
