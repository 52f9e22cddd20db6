"""Is an object what Kubernetes' API takes? Asked of the definitions that the kubernetes-validate package ships."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from k8slab.catalog.positions import Path as Place

from .objects import Manifest

SCHEMAS = "kubernetes-json-schema/v1.36.0-local-strict/_definitions.json"


def problems(manifest: Manifest) -> Iterator[tuple[Place, str]]:
    api_version, kind = str(manifest.obj["apiVersion"]), manifest.kind
    validator = _validator(api_version, kind)
    if validator is None:
        served = ", ".join(sorted(_versions().get(kind, ())))
        yield ("kind",), f"there is no {kind} in {api_version}" + (f"; it is served by {served}" if served else "")
        return
    for error in validator.iter_errors(manifest.obj):
        yield tuple(error.instance_path), f"{kind} {manifest.identity[2]}: {error.message}"


@cache
def _definitions() -> dict[str, Any]:
    spec = importlib.util.find_spec("kubernetes_validate")  # found, not imported: only its data is wanted
    assert spec
    assert spec.origin
    found: dict[str, Any] = json.loads((Path(spec.origin).parent / SCHEMAS).read_text(encoding="utf-8"))["$defs"]
    return found


@cache
def _names() -> dict[tuple[str, str], str]:
    """(apiVersion, kind) → the definition's name."""
    found = {}
    for name, definition in _definitions().items():
        for of in definition.get("x-kubernetes-group-version-kind", ()):
            found["/".join(filter(None, (of["group"], of["version"]))), of["kind"]] = name
    return found


@cache
def _versions() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for version, kind in _names():
        found.setdefault(kind, set()).add(version)
    return found


@cache
def _validator(api_version: str, kind: str) -> jsonschema_rs.Draft202012Validator | None:
    name = _names().get((api_version, kind))
    if name is None:
        return None
    return jsonschema_rs.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": _definitions()})
