"""CustomResourceDefinition: a kind of one's own, served, defaulted, checked, and gone again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from k8slab.kube.client import Client
from k8slab.kube.errors import Invalid, UnknownKind
from tests.parity.manifests import Obj
from tests.parity.space import Space, condition
from tests.parity.waiting import eventually

SPEC = {
    "type": "object",
    "required": ["size"],
    "properties": {
        "size": {"type": "integer", "minimum": 1, "maximum": 5},
        "colour": {"type": "string", "enum": ["red", "blue"], "default": "red"},
    },
    "x-kubernetes-validations": [
        {"rule": "self.colour != 'blue' || self.size < 3", "message": "blue ones are small"},
    ],
}


@pytest.fixture(scope="module")
def api(parity_kubeconfig: str) -> Iterator[str]:
    """The apiVersion of a kind `Widget` of these tests' own."""
    client, group = Client.from_kubeconfig(parity_kubeconfig), f"t-{uuid.uuid4().hex[:10]}.example.com"
    schema = {"type": "object", "properties": {"spec": SPEC, "status": {"type": "object"}}}
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
        "subresources": {"status": {}},
        "additionalPrinterColumns": [{"name": "Size", "type": "integer", "jsonPath": ".spec.size"}],
    }
    names = {"plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": ["wd"]}
    body = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"widgets.{group}"},
        "spec": {"group": group, "names": names, "scope": "Namespaced", "versions": [version]},
    }
    client.create(body)

    def established() -> bool:
        found = client.get("apiextensions.k8s.io/v1", "CustomResourceDefinition", f"widgets.{group}")
        return condition(found, "Established").get("status") == "True"

    def served() -> bool:
        try:
            return Client.from_kubeconfig(parity_kubeconfig).list(f"{group}/v1", "Widget", "default")["items"] == []
        except UnknownKind as error:
            raise AssertionError("not yet") from error

    eventually(established)
    eventually(served)
    yield f"{group}/v1"
    client.delete("apiextensions.k8s.io/v1", "CustomResourceDefinition", f"widgets.{group}")


@pytest.fixture(scope="module")
def parity_client(parity_kubeconfig: str, api: str) -> Client:
    """One that first asked what is served when the kind was: an older one looks again only after a while."""
    return Client.from_kubeconfig(parity_kubeconfig)


def widget(api: str, **spec: object) -> Obj:
    return {"apiVersion": api, "kind": "Widget", "metadata": {"name": "one"}, "spec": spec}


def test_it_is_served_and_defaulted(space: Space, api: str) -> None:
    made = space.create(widget(api, size=2))
    assert made["spec"] == {"size": 2, "colour": "red"}
    assert made["metadata"]["generation"] == 1
    assert space.client.get(api, "Widget", "one", space.name)["spec"]["colour"] == "red"
    space.client.delete(api, "Widget", "one", space.name)
    eventually(lambda: space.client.find(api, "Widget", "one", space.name) is None)


@pytest.mark.parametrize(
    ("spec", "field", "message"),
    [
        ({"size": 9}, "spec.size", "Invalid value: 9: spec.size in body should be less than or equal to 5"),
        ({}, "spec.size", "Required value"),
        ({"size": 1, "colour": "green"}, "spec.colour", 'Unsupported value: "green": supported values: "red", "blue"'),
        ({"size": 4, "colour": "blue"}, "spec", 'Invalid value: "object": blue ones are small'),
    ],
)
def test_what_its_schema_refuses(space: Space, api: str, spec: Obj, field: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        space.create(widget(api, **spec))
    assert (field, message) in [(one.field, one.message) for one in refused.value.causes]
