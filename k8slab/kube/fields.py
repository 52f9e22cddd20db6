"""Names of the fields that a kind has, from the cluster's own OpenAPI: what somebody may have meant to write."""

from __future__ import annotations

import difflib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .discovery import Resource
from .errors import KubeError
from .paths import Step, parse_path

Schema = Mapping[str, Any]
Fetch = Callable[[str], dict[str, Any]]  # path → JSON

RETRY = 60.0  # seconds until a cluster that gave no schema is asked again
DEEPEST = 6  # levels that are searched for a field that stands at the wrong one
_SERVER_SIDE = frozenset(("status", "managedFields", "ownerReferences"))


class Fields:
    """Thread-safe. Documents are kept per apiVersion, for all clients of a cluster."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._documents: dict[str, tuple[float, Mapping[str, Schema]]] = {}

    def schema(self, resource: Resource) -> tuple[Mapping[str, Schema], str]:
        """The schemas of a kind's group version, and the name of the kind's own, "" where there is none."""
        schemas = self._schemas(resource)
        wanted = {"group": resource.group, "version": resource.version, "kind": resource.kind}
        names = (n for n, s in schemas.items() if wanted in (s.get("x-kubernetes-group-version-kind") or ()))
        return schemas, next(names, "")

    def suggest(self, resource: Resource, path: str) -> str:
        """For a path whose last step is no field: the sibling that looks like it, or where such a field is; or ""."""
        schemas, name = self.schema(resource)
        root = schemas.get(name)
        steps = parse_path(path)
        if root is None or not steps:
            return ""
        parent = _descend(schemas, root, steps[:-1])
        wrong = steps[-1].name
        siblings = {name.lower(): name for name in _properties(schemas, parent)} if parent else {}
        near = difflib.get_close_matches(wrong.lower(), siblings, n=1, cutoff=0.7)
        return siblings[near[0]] if near else _elsewhere(schemas, root, wrong)

    def _schemas(self, resource: Resource) -> Mapping[str, Schema]:
        version = resource.api_version
        with self._lock:
            asked, schemas = self._documents.get(version, (float("-inf"), {}))
            if not schemas and time.monotonic() - asked > RETRY:
                schemas = self._load(f"/openapi/v3/{'apis' if resource.group else 'api'}/{version}")
                self._documents[version] = (time.monotonic(), schemas)
            return schemas

    def _load(self, path: str) -> Mapping[str, Schema]:
        try:
            schemas: Mapping[str, Schema] = (self._fetch(path).get("components") or {}).get("schemas") or {}
        except KubeError:  # a suggestion is a nicety
            return {}
        return schemas


def _resolve(schemas: Mapping[str, Schema], schema: Schema) -> Schema:
    for part in (schema, *(schema.get("allOf") or ())):
        if "$ref" in part:
            return schemas.get(part["$ref"].rpartition("/")[2], {})
    return schema


def _properties(schemas: Mapping[str, Schema], schema: Schema) -> Mapping[str, Schema]:
    properties: Mapping[str, Schema] = _resolve(schemas, schema).get("properties") or {}
    return properties


def _descend(schemas: Mapping[str, Schema], schema: Schema, steps: list[Step]) -> Schema | None:
    at: Schema | None = schema
    for step in steps:
        resolved = _resolve(schemas, at) if at else {}
        at = resolved.get("items") or resolved.get("additionalProperties") if step.bracketed else None
        if not step.bracketed:
            at = (resolved.get("properties") or {}).get(step.name) or resolved.get("additionalProperties")
        if not isinstance(at, Mapping):
            return None
    return at


def _elsewhere(schemas: Mapping[str, Schema], root: Schema, name: str) -> str:
    """The shallowest place of the kind that has a field of exactly this name."""
    queue: deque[tuple[str, Schema, int]] = deque([("", root, 0)])
    while queue:
        path, schema, depth = queue.popleft()
        for key, child, shown in _children(schemas, schema, path):
            if key == name:
                return shown
            if depth < DEEPEST:
                queue.append((shown, child, depth + 1))
    return ""


def _children(schemas: Mapping[str, Schema], schema: Schema, path: str) -> Iterator[tuple[str, Schema, str]]:
    for key, child in _properties(schemas, schema).items():
        if key not in _SERVER_SIDE:
            resolved = _resolve(schemas, child)
            items = resolved.get("items")
            shown = f"{path}.{key}" if path else key
            yield key, items if isinstance(items, Mapping) else resolved, f"{shown}[]" if items else shown
