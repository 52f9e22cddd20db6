"""What an editor needs of a cluster's OpenAPI v3: the kinds of one group version and every schema below them.

A whole document is hundreds of kilobytes, most of it paths, lists and what only the server writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .client import TIMEOUT, Client
from .discovery import Resource

Schema = Mapping[str, Any]
KEPT = ("description", "type", "format", "enum", "required")
SERVER_SIDE = frozenset(("managedFields", "resourceVersion", "uid", "selfLink", "creationTimestamp", "generation"))
QUANTITY, INT_OR_STRING = "quantity", "int-or-string"


def writable(client: Client) -> list[Resource]:
    """Kinds that somebody may write down as YAML and list afterwards; reviews and tokens are neither."""
    return [r for r in client.discovery.resources() if {"create", "list"} <= r.verbs]


def schema_of(client: Client, api_version: str) -> dict[str, Any] | None:
    """{"kinds": {kind: definition}, "definitions": {name: schema}}; None where nothing of it can be written."""
    kinds = {r.kind for r in writable(client) if r.api_version == api_version}
    if not kinds:
        return None
    path = f"/openapi/v3/{'apis' if '/' in api_version else 'api'}/{api_version}"
    document = client.connection.json("GET", path, accept="application/json", timeout=TIMEOUT)[1]
    return trimmed((document.get("components") or {}).get("schemas") or {}, api_version, kinds)


def trimmed(schemas: Mapping[str, Schema], api_version: str, kinds: Iterable[str]) -> dict[str, Any]:
    roots = dict(_roots(schemas, api_version, frozenset(kinds)))
    definitions: dict[str, Any] = {}
    waiting = list(roots.values())
    while waiting:
        name = waiting.pop()
        if name not in definitions and name in schemas:
            definitions[name] = _slim(schemas[name], name, name in roots.values())
            waiting += _references(definitions[name])
    return {"apiVersion": api_version, "kinds": roots, "definitions": definitions}


def _roots(schemas: Mapping[str, Schema], api_version: str, kinds: frozenset[str]) -> Iterator[tuple[str, str]]:
    group, _, version = api_version.rpartition("/")
    for name, schema in schemas.items():
        for kind in schema.get("x-kubernetes-group-version-kind") or ():
            if (kind["group"], kind["version"]) == (group, version) and kind["kind"] in kinds:
                yield kind["kind"], name


def _slim(schema: Schema, name: str = "", root: bool = False) -> dict[str, Any]:
    slim: dict[str, Any] = {key: schema[key] for key in KEPT if key in schema}
    reference = _reference(schema)
    if reference:
        slim["ref"] = reference
    if schema.get("format") == INT_OR_STRING or schema.get("x-kubernetes-int-or-string"):
        slim["type"] = INT_OR_STRING
    elif name.endswith(".resource.Quantity"):
        slim["type"] = QUANTITY
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        slim["open"] = True
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), Mapping):
            slim[key] = _slim(schema[key])
    hidden = {"status"} if root else SERVER_SIDE if name.endswith(".ObjectMeta") else frozenset[str]()
    properties = {k: _slim(v) for k, v in (schema.get("properties") or {}).items() if k not in hidden}
    return {**slim, "properties": properties} if properties else slim


def _reference(schema: Schema) -> str:
    """A real API server wraps references into `allOf`, so that a description may stand beside."""
    for part in (schema, *(schema.get("allOf") or ())):
        if "$ref" in part:
            return str(part["$ref"]).rpartition("/")[2]
    return ""


def _references(slim: Mapping[str, Any]) -> Iterator[str]:
    if "ref" in slim:
        yield slim["ref"]
    below = [slim.get("items"), slim.get("additionalProperties"), *(slim.get("properties") or {}).values()]
    for part in below:
        if part:
            yield from _references(part)
