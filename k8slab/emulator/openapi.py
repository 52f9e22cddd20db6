"""OpenAPI v2 and v3 of what is served, made from the definitions when somebody asks."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from k8slab.emulator.data import read_data
from k8slab.emulator.resources import KINDS, Resource, ResourceTable
from k8slab.emulator.schema import SPECIAL, Schema
from k8slab.emulator.version import GIT_VERSION

DROPPED = ("additionalProperties",)
OPERATIONS = (  # HTTP method, verb, on one object?, operation name
    ("get", "list", False, "list"),
    ("post", "create", False, "create"),
    ("delete", "deletecollection", False, "deleteCollection"),
    ("get", "get", True, "read"),
    ("put", "update", True, "replace"),
    ("patch", "patch", True, "patch"),
    ("delete", "delete", True, "delete"),
)


WRITE_OPTIONS = ("dryRun", "fieldManager", "fieldValidation", "pretty")


class OpenApi:
    def __init__(self, schema: Schema, table: ResourceTable) -> None:
        self._schema = schema
        self._table = table
        self._v2: bytes | None = None
        self._made_at = 0
        self._enums: dict[str, dict[str, dict[str, str]]] | None = None

    def v2(self) -> bytes:
        if self._v2 is None or self._made_at != self._schema.changes:
            self._made_at = self._schema.changes
            definitions = {name: self._definition(name, "#/definitions/") for name in self._schema.definitions}
            paths: dict[str, Any] = {}
            for resource in self._table:
                paths |= self._paths(resource, "#/definitions/")
            document = {
                "swagger": "2.0",
                "info": {"title": "Kubernetes", "version": GIT_VERSION},
                "paths": paths,
                "definitions": definitions,
            }
            self._v2 = orjson.dumps(document)
        return self._v2

    def v3_index(self) -> dict[str, Any]:
        paths = {}
        for place in self._places():
            tag = hashlib.sha256(f"{GIT_VERSION}/{place}/{self._schema.changes}".encode()).hexdigest().upper()
            paths[place] = {"serverRelativeURL": f"/openapi/v3/{place}?hash={tag}"}
        return {"paths": paths}

    def _places(self) -> list[str]:
        found = []
        for group, versions in self._table.groups().items():
            found += [f"apis/{group}/{version}" if group else f"api/{version}" for version in versions]
        return found

    def v3(self, place: str) -> bytes | None:
        if place not in self._places():
            return None
        resources = [one for one in self._table if _place_of(one) == place]
        paths: dict[str, Any] = {}
        names: set[str] = set()
        for resource in resources:
            paths |= self._paths(resource, "#/components/schemas/")
            name = self._schema.definition_of(resource.group, resource.version, resource.kind)
            if name is not None:
                self._collect(name, names)
                self._collect(name + "List", names)
        schemas = {name: self._definition(name, "#/components/schemas/") for name in sorted(names)}
        document = {
            "openapi": "3.0.0",
            "info": {"title": "Kubernetes", "version": GIT_VERSION},
            "paths": paths,
            "components": {"schemas": schemas},
        }
        return orjson.dumps(document)

    def _collect(self, name: str, names: set[str]) -> None:
        if name in names or name not in self._schema.definitions:
            return
        names.add(name)
        for reference in _references(self._schema.definitions[name]):
            self._collect(reference, names)

    def _definition(self, name: str, prefix: str) -> Any:
        special = SPECIAL.get(name)
        definition = self._schema.definitions[name]
        if special in ("quantity", "intorstring"):
            form = {"format": "int-or-string"} if special == "intorstring" else {}
            return {"type": "string", **form}
        translated = _translated(definition, prefix)
        for field, values in self._words(name).items():
            child = translated.get("properties", {}).get(field)
            if child is not None:
                child["enum"] = list(values)
                child["description"] = child.get("description", "") + _told(values)
        return translated

    def _words(self, name: str) -> dict[str, dict[str, str]]:
        """The fields of a definition that take one of a few words. Read when somebody first asks for a schema."""
        if self._enums is None:
            self._enums = _load_enums()
        return self._enums.get(name, {})

    def _paths(self, resource: Resource, prefix: str) -> dict[str, Any]:
        root = f"/apis/{resource.group}/{resource.version}" if resource.group else f"/api/{resource.version}"
        scope = f"{root}/namespaces/{{namespace}}" if resource.namespaced else root
        collection, one = f"{scope}/{resource.plural}", f"{scope}/{resource.plural}/{{name}}"
        paths: dict[str, Any] = {collection: {}, one: {}}
        where = "Namespaced" if resource.namespaced else ""
        stem = _group_stem(resource)
        gvk = {"group": resource.group, "version": resource.version, "kind": resource.kind}
        name = self._schema.definition_of(resource.group, resource.version, resource.kind)
        for method, verb, single, word in OPERATIONS:
            if verb in resource.verbs:
                operation: dict[str, Any] = {
                    "operationId": f"{word}{stem}{where}{resource.kind}",
                    "x-kubernetes-action": verb,
                    "x-kubernetes-group-version-kind": gvk,
                    "responses": {"200": {"description": "OK"}},
                }
                if method in ("post", "put", "patch"):
                    operation["parameters"] = [_query(one, prefix) for one in WRITE_OPTIONS]
                if prefix.startswith("#/components") and name:
                    content = {"application/json": {"schema": {"$ref": prefix + name}}}
                    operation["responses"]["200"]["content"] = content
                paths[one if single else collection][method] = operation
        return {path: item for path, item in paths.items() if item}


def _load_enums() -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for entry in read_data(KINDS / "enums.yaml"):
        for place in entry["where"]:
            definition, _, field = place.rpartition(".")
            found.setdefault(f"io.k8s.api.{definition}", {})[field] = entry["values"]
    return found


def _told(values: dict[str, str]) -> str:
    return "\n\nPossible enum values:\n" + "\n".join(f' - `"{word}"` {text}'.rstrip() for word, text in values.items())


def _query(name: str, prefix: str) -> dict[str, Any]:
    """An optional query parameter. kubectl looks for `fieldValidation` here before it lets the server validate."""
    kind = (
        {"schema": {"type": "string", "uniqueItems": True}} if prefix.startswith("#/components") else {"type": "string"}
    )
    return {"name": name, "in": "query", **kind}


def _place_of(resource: Resource) -> str:
    return f"apis/{resource.group}/{resource.version}" if resource.group else f"api/{resource.version}"


def _group_stem(resource: Resource) -> str:
    group = (resource.group or "core").removesuffix(".k8s.io").removesuffix(".authorization").partition(".")[0]
    stem = "".join(part.capitalize() for part in (resource.group or "core").removesuffix(".k8s.io").split("."))
    return (stem if "." in resource.group else group.capitalize()) + resource.version.capitalize()


def _references(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        found = [schema["$ref"].rpartition("/")[2]] if isinstance(schema.get("$ref"), str) else []
        return found + [one for value in schema.values() for one in _references(value)]
    return [one for value in schema for one in _references(value)] if isinstance(schema, list) else []


def _translated(schema: Any, prefix: str) -> Any:
    """JSON Schema as OpenAPI writes it: no null types, other reference paths, no closed objects."""
    if isinstance(schema, list):
        return [_translated(one, prefix) for one in schema]
    if not isinstance(schema, dict):
        return schema
    result = {}
    for key, value in schema.items():
        if key == "$ref" and isinstance(value, str):
            result[key] = prefix + value.rpartition("/")[2]
        elif key == "type" and isinstance(value, list):
            result[key] = next((one for one in value if one != "null"), "string")
        elif (key in DROPPED and value is False) or (key == "enum" and schema.get("type") == ["string", "null"]):
            continue
        else:
            result[key] = _translated(value, prefix)
    return result
