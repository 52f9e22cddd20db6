"""The OpenAPI document of a group version, and the questions that `explain` has about its schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8slab.kube.discovery import Resource
from k8slab.kube.errors import NotFound

from ..invocation import Failed, Invocation

Schema = Mapping[str, Any]
MINUTE = 60.0


class Document:
    def __init__(self, schemas: Mapping[str, Schema], gvk: Mapping[str, str]) -> None:
        self.schemas = schemas
        self.gvk = gvk

    def root(self) -> Schema | None:
        wanted = dict(self.gvk)
        for name in sorted(self.schemas):
            if wanted in (self.schemas[name].get("x-kubernetes-group-version-kind") or ()):
                return self.schemas[name]
        return None

    def resolve(self, schema: Schema) -> Schema:
        """The schema that `$ref` names, or itself."""
        return self.referred(schema) or schema

    def referred(self, schema: Schema) -> Schema | None:
        return self.schemas.get(str(schema.get("$ref", "")).rpartition("/")[2])

    def find(self, schema: Schema, path: list[str], seen: frozenset[str] = frozenset()) -> tuple[Schema, Schema] | None:
        """(the schema at a path, the schema of the field as its parent has it); None where there is none."""
        return self._find(schema, schema, path, seen)

    def _find(
        self, schema: Schema, field: Schema, path: list[str], seen: frozenset[str]
    ) -> tuple[Schema, Schema] | None:
        if not path:
            return schema, field
        reference = str(schema.get("$ref", ""))
        if reference and reference in seen:
            return None
        seen |= {reference}
        resolved = self.resolve(schema)
        below = (resolved.get("properties") or {}).get(path[0])
        if below is not None:
            return self._find(below, below, path[1:], frozenset())
        for inner in inside(resolved):
            return self._find(inner, field, path, seen)
        for part in resolved.get("allOf") or ():
            found = self._find(part, field, path, seen)
            if found:
                return found
        return None

    def type_of(self, schema: Schema) -> str:
        """`string`, `[]Container`, `map[string]string`, `Object`."""
        if schema.get("items"):
            return f"[]{self.type_of(schema['items'])}"
        extra = schema.get("additionalProperties")
        if extra and not isinstance(extra, bool):
            return f"map[string]{self.type_of(extra)}"
        parts = list(schema.get("allOf") or ())
        if len(parts) == 1 and not schema.get("properties"):
            return self.type_of(parts[0])
        if schema.get("$ref"):
            kind = (self.referred(schema) or {}).get("type") or "object"
            return kind if kind != "object" else str(schema["$ref"]).rpartition("/")[2].rpartition(".")[2] or "Object"
        return "Object" if schema.get("type") in (None, "", "object") else str(schema["type"])

    def description(self, schema: Schema) -> str:
        """Its own and those of what it is made of."""
        return "".join(self._descriptions(schema))

    def _descriptions(self, schema: Schema) -> Iterator[str]:
        resolved = self.resolve(schema)
        if resolved.get("description"):
            yield f"{resolved['description']}\n"
        for part in [*(resolved.get("allOf") or ()), *inside(resolved)]:
            yield from self._descriptions(part)


def _both(schema: Schema) -> Iterator[Schema]:
    """The entries' schema of a list, of a map."""
    if schema.get("items"):
        yield schema["items"]
    extra = schema.get("additionalProperties")
    if extra and not isinstance(extra, bool):
        yield extra


def inside(schema: Schema) -> list[Schema]:
    return list(_both(schema))


def read_document(invocation: Invocation, resource: Resource) -> Document:
    """Raises Failed where the server has none for the group version, or a KubeError."""
    path = f"/openapi/v3/{'apis' if resource.group else 'api'}/{resource.api_version}"
    try:
        answer = invocation.client.connection.json("GET", path, timeout=MINUTE)[1]
    except NotFound:
        raise Failed(f'error: couldn\'t find resource for "{name_of(resource)}"') from None
    gvk = {"group": resource.group, "version": resource.version, "kind": resource.kind}
    return Document((answer.get("components") or {}).get("schemas") or {}, gvk)


def name_of(resource: Resource) -> str:
    """A group version resource as Go prints it."""
    return f"{resource.group}/{resource.version}, Resource={resource.plural}"
