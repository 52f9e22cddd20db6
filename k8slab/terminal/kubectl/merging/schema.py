"""How the fields of a kind are merged, from the cluster's OpenAPI: `x-kubernetes-patch-strategy` and `-merge-key`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from k8slab.kube.discovery import Resource
from k8slab.kube.fields import Fields

Schema = Mapping[str, Any]
# Kinds of the API server itself; it refuses strategic merge patches of all others.
BUILT_IN = ("io.k8s.api.", "io.k8s.kube-aggregator.", "io.k8s.apiextensions-apiserver.")


@dataclass(frozen=True, slots=True)
class Merging:
    """The schema at one place of an object; without one, maps are merged and lists are replaced."""

    schemas: Mapping[str, Schema]
    schema: Schema
    strategies: frozenset[str] = frozenset()
    key: str = ""  # of the entries of a list that is merged; "" in a list of scalars

    def below(self, name: str) -> Merging:
        field = (self.schema.get("properties") or {}).get(name)
        if field is None:
            field = self.schema.get("additionalProperties")
        if not isinstance(field, Mapping):
            return Merging(self.schemas, {})
        strategies = frozenset(str(field.get("x-kubernetes-patch-strategy") or "").split(",")) - {""}
        key = str(field.get("x-kubernetes-patch-merge-key") or "")
        inner = field.get("items") if isinstance(field.get("items"), Mapping) else field
        return Merging(self.schemas, resolved(self.schemas, inner or {}), strategies, key)

    @property
    def merges(self) -> bool:
        return "merge" in self.strategies

    @property
    def replaces(self) -> bool:
        return "replace" in self.strategies

    @property
    def retains(self) -> bool:
        return "retainKeys" in self.strategies


def resolved(schemas: Mapping[str, Schema], schema: Schema) -> Schema:
    for part in (schema, *(schema.get("allOf") or ())):
        if "$ref" in part:
            return schemas.get(part["$ref"].rpartition("/")[2], {})
    return schema


def merging_of(fields: Fields, resource: Resource) -> Merging | None:
    """None for a kind that knows only JSON merge patches."""
    schemas, name = fields.schema(resource)
    return Merging(schemas, schemas[name]) if name.startswith(BUILT_IN) else None
