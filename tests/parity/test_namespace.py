"""Namespace: brings a service account and the cluster's certificate, takes all it holds with it, then refuses."""

from __future__ import annotations

import contextlib

import pytest

from k8slab.kube.errors import Forbidden, NotFound
from tests.parity.manifests import config_map, deployment
from tests.parity.space import Space
from tests.parity.waiting import eventually


def test_it_comes_with_an_account_and_a_certificate(space: Space) -> None:
    eventually(lambda: space.find("ServiceAccount", "default"))
    eventually(lambda: space.find("ConfigMap", "kube-root-ca.crt"))
    made = space.client.get("v1", "Namespace", space.name)
    assert made["metadata"]["labels"]["kubernetes.io/metadata.name"] == space.name
    assert made["status"]["phase"] == "Active"


def test_all_goes_with_it(space: Space) -> None:
    space.create(deployment("web", replicas=2))
    space.rolled_out("web")
    space.create(config_map("settings", key="value"))
    space.client.delete("v1", "Namespace", space.name)
    eventually(lambda: space.client.find("v1", "Namespace", space.name) is None)
    assert not space.all("Pod")
    with pytest.raises(NotFound):
        space.create(config_map("late"))


def test_one_that_ends_takes_nothing_new(space: Space) -> None:
    held = config_map("held")
    held["metadata"]["finalizers"] = ["parity.example/hold"]
    space.create(held)
    space.client.delete("v1", "Namespace", space.name)
    try:
        with pytest.raises(Forbidden, match="because it is being terminated"):
            space.create(config_map("late"))
        assert space.client.get("v1", "Namespace", space.name)["status"]["phase"] == "Terminating"
    finally:
        with contextlib.suppress(NotFound):
            space.patch("ConfigMap", "held", {"metadata": {"finalizers": None}})
    eventually(lambda: space.client.find("v1", "Namespace", space.name) is None)
