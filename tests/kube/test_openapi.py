"""A cluster's schemas, cut down to what an editor needs."""

from __future__ import annotations

from typing import Any

import pytest

from k8slab.kube.client import Client
from k8slab.kube.openapi import schema_of, trimmed, writable

REF = "#/components/schemas/"
SCHEMAS: dict[str, Any] = {
    "io.example.Web": {
        "description": "A web.",
        "properties": {
            "spec": {"allOf": [{"$ref": f"{REF}io.example.Spec"}], "default": {}, "description": "The wish."},
            "status": {"$ref": f"{REF}io.example.Status"},
        },
        "x-kubernetes-group-version-kind": [{"group": "example.io", "version": "v1", "kind": "Web"}],
    },
    "io.example.Spec": {
        "properties": {
            "port": {"format": "int-or-string", "oneOf": [{"type": "integer"}, {"type": "string"}]},
            "limits": {"additionalProperties": {"$ref": f"{REF}io.k8s.apimachinery.pkg.api.resource.Quantity"}},
            "again": {"items": {"$ref": f"{REF}io.example.Spec"}, "type": "array"},  # a ring
        },
        "required": ["port"],
    },
    "io.example.Status": {"properties": {"phase": {"type": "string"}}},
    "io.example.WebList": {
        "x-kubernetes-group-version-kind": [{"group": "example.io", "version": "v1", "kind": "WebList"}],
    },
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {"type": "string"},
}


def test_it_works() -> None:
    cut = trimmed(SCHEMAS, "example.io/v1", ["Web"])
    assert cut["kinds"] == {"Web": "io.example.Web"}
    assert cut["definitions"]["io.example.Web"]["properties"] == {
        "spec": {"description": "The wish.", "ref": "io.example.Spec"}
    }


def test_only_what_the_kinds_reach_is_left() -> None:
    assert set(trimmed(SCHEMAS, "example.io/v1", ["Web"])["definitions"]) == {
        "io.example.Web",
        "io.example.Spec",
        "io.k8s.apimachinery.pkg.api.resource.Quantity",
    }


def test_amounts_and_ports_keep_what_they_are() -> None:
    definitions = trimmed(SCHEMAS, "example.io/v1", ["Web"])["definitions"]
    assert definitions["io.example.Spec"]["properties"]["port"]["type"] == "int-or-string"
    assert definitions["io.k8s.apimachinery.pkg.api.resource.Quantity"]["type"] == "quantity"
    assert definitions["io.example.Spec"]["required"] == ["port"]


@pytest.mark.parametrize(("api_version", "kind", "field"), [("apps/v1", "Deployment", "spec"), ("v1", "Pod", "spec")])
def test_a_real_group_version(client: Client, api_version: str, kind: str, field: str) -> None:
    cut = schema_of(client, api_version)
    assert cut is not None
    definition = cut["definitions"][cut["kinds"][kind]]
    assert field in definition["properties"]
    assert "status" not in definition["properties"]
    assert not any(name.endswith("List") for name in cut["kinds"])


def test_what_is_not_served_has_no_schema(client: Client) -> None:
    assert schema_of(client, "extensions/v1beta1") is None
    assert {"TokenReview", "Binding"}.isdisjoint(resource.kind for resource in writable(client))
