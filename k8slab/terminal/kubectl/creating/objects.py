"""Parts of the objects that `kubectl create …` and `kubectl run` make, with their fields in the order of Go's types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..invocation import Failed

Map = dict[str, Any]


def typed(api_version: str, kind: str, name: str, labels: Mapping[str, str] | None = None) -> Map:
    """The head of an object."""
    return {"kind": kind, "apiVersion": api_version, "metadata": metadata(name, labels)}


def metadata(name: str = "", labels: Mapping[str, str] | None = None) -> Map:
    head: Map = {"name": name} if name else {}
    head["creationTimestamp"] = None
    return {**head, "labels": dict(labels)} if labels else head


def as_typed(obj: Map) -> Map:
    """A server's answer as kubectl's Go types write it: every metadata says when it was created, if only null."""
    return {key: _typed(key, value) for key, value in obj.items()}


UNKNOWN = frozenset(("terminatingReplicas",))  # fields that are younger than the kubectl which is followed
METADATA = (  # in the order of Go's ObjectMeta
    *("name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp"),
    *("deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers"),
)


def _typed(key: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_typed("", each) for each in value]
    if not isinstance(value, dict):
        return value
    if key == "metadata":
        value = {"creationTimestamp": None, **value}
        value = {field: value[field] for field in (*METADATA, *sorted(value.keys() - set(METADATA))) if field in value}
    return {inner: _typed(inner, each) for inner, each in value.items() if inner not in UNKNOWN}


def container(name: str, image: str, **more: Any) -> Map:
    """A container with its fields in order; those that are empty are left out."""
    fields = {
        "name": name,
        "image": image,
        "command": more.get("command"),
        "args": more.get("args"),
        "ports": more.get("ports"),
        "env": more.get("env"),
    }
    kept: Map = {key: value for key, value in fields.items() if value}
    kept["resources"] = {}
    for key in ("imagePullPolicy", "stdin", "stdinOnce", "tty", "securityContext"):
        if more.get(key):
            kept[key] = more[key]
    return kept


def image_name(image: str) -> str:
    """The container's name for an image: `registry/web_app:1.2` → `web-app`."""
    name = image.rpartition("/")[2].partition(":")[0].partition("@")[0]
    return re.sub("[_.]", "-", name) if re.search("[_.]", name) else name


def pairs(words: Iterable[str], flag: str) -> dict[str, str]:
    """`a=b` words."""
    found: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise Failed(f"error: invalid argument {word!r} for --{flag}: expected key=value")
        found[key] = value
    return found


def number_or_text(text: str) -> int | str:
    return int(text) if re.fullmatch("-?[0-9]+", text) else text
