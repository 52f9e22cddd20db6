"""Kinds by the names that people use."""

from __future__ import annotations

from typing import Any

import pytest

from k8slab.kube.client import Client
from k8slab.kube.discovery import Discovery
from k8slab.kube.errors import UnknownKind


@pytest.mark.parametrize(
    ("word", "qualified"),
    [
        ("po", "pods"),
        ("Pod", "pods"),
        ("deploy", "deployments.apps"),
        ("deployments.apps", "deployments.apps"),
        ("deployments.v1.apps", "deployments.apps"),
        ("deploy.apps", "deployments.apps"),
        ("hpa", "horizontalpodautoscalers.autoscaling"),
        ("events", "events"),
        ("events.events.k8s.io", "events.events.k8s.io"),
        ("foo", None),
        ("pods.apps", None),
        ("", None),
    ],
)
def test_names(client: Client, word: str, qualified: str | None) -> None:
    found = client.discovery.named(word)
    assert (found.qualified if found else None) == qualified


def test_a_bare_name_means_the_preferred_version(client: Client) -> None:
    found = client.discovery.named("hpa")
    assert found is not None
    assert found.version == "v2"


def test_categories(client: Client) -> None:
    names = [resource.plural for resource in client.discovery.category("all")]
    assert names[0] == "pods"
    assert {"services", "deployments", "jobs"} < set(names)
    assert "configmaps" not in names
    assert len(names) == len(set(names)), "each in one version only"
    assert client.discovery.category("nope") == []


def test_kinds_that_come_while_we_look() -> None:
    """A kind that is not there yet is asked for again at once, after it was said that kinds changed."""
    served: list[dict[str, Any]] = []
    asked = 0

    def fetch(path: str, accept: str) -> dict[str, Any]:
        nonlocal asked
        asked += path == "/apis"
        items = served if path == "/apis" else []
        return {"kind": "APIGroupDiscoveryList", "items": items}

    discovery = Discovery(fetch)
    for _ in range(3):
        with pytest.raises(UnknownKind):
            discovery.resource("example.com/v1", "Thing")
    assert asked == 1
    discovery.changed()
    with pytest.raises(UnknownKind):
        discovery.resource("example.com/v1", "Thing")
    thing = {"resource": "things", "responseKind": {"kind": "Thing"}, "scope": "Namespaced", "verbs": ["list"]}
    served.append({"metadata": {"name": "example.com"}, "versions": [{"version": "v1", "resources": [thing]}]})
    assert discovery.resource("example.com/v1", "Thing").plural == "things"
