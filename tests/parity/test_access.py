"""RBAC: a service account may do what its roles say, and what it is refused is said in one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from k8slab.kube.client import Client
from k8slab.kube.errors import Forbidden
from tests.parity.manifests import config_map
from tests.parity.space import Space
from tests.parity.waiting import eventually

GROUP = "rbac.authorization.k8s.io"


def account(space: Space) -> Client:
    """Acts as the service account `reader`."""
    space.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "reader"}})
    return space.client.as_user(f"system:serviceaccount:{space.name}:reader", ["system:serviceaccounts"])


def allow(space: Space, verbs: list[str], resources: list[str]) -> None:
    rules = [{"apiGroups": [""], "resources": resources, "verbs": verbs}]
    space.create({"apiVersion": f"{GROUP}/v1", "kind": "Role", "metadata": {"name": "reading"}, "rules": rules})
    binding: dict[str, Any] = {
        "apiVersion": f"{GROUP}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "reading"},
        "roleRef": {"apiGroup": GROUP, "kind": "Role", "name": "reading"},
        "subjects": [{"kind": "ServiceAccount", "name": "reader", "namespace": space.name}],
    }
    space.create(binding)


def test_nothing_is_allowed_at_first(space: Space) -> None:
    reader = account(space)
    with pytest.raises(Forbidden) as refused:
        reader.list("v1", "Pod", space.name)
    assert refused.value.message == (
        f'pods is forbidden: User "system:serviceaccount:{space.name}:reader" cannot list resource "pods" '
        f'in API group "" in the namespace "{space.name}"'
    )


def test_a_binding_allows_what_the_role_says_and_no_more(space: Space) -> None:
    reader = account(space)
    space.create(config_map("settings", key="value"))
    allow(space, ["get", "list"], ["configmaps"])

    def reads() -> bool:
        try:
            return bool(reader.get("v1", "ConfigMap", "settings", space.name)["data"] == {"key": "value"})
        except Forbidden as error:
            raise AssertionError("not yet") from error

    eventually(reads)
    with pytest.raises(Forbidden, match=r'cannot delete resource "configmaps"'):
        reader.delete("v1", "ConfigMap", "settings", space.name)
    with pytest.raises(Forbidden, match=r'cannot get resource "configmaps".*in the namespace "default"'):
        reader.get("v1", "ConfigMap", "kube-root-ca.crt", "default")


def test_nobody_grants_more_than_they_have(space: Space) -> None:
    reader = account(space)
    rules = [{"apiGroups": [GROUP], "resources": ["roles"], "verbs": ["create"]}]
    space.create({"apiVersion": f"{GROUP}/v1", "kind": "Role", "metadata": {"name": "granting"}, "rules": rules})
    space.create(
        {
            "apiVersion": f"{GROUP}/v1",
            "kind": "RoleBinding",
            "metadata": {"name": "granting"},
            "roleRef": {"apiGroup": GROUP, "kind": "Role", "name": "granting"},
            "subjects": [{"kind": "ServiceAccount", "name": "reader", "namespace": space.name}],
        }
    )
    secrets = [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}]
    role = {"apiVersion": f"{GROUP}/v1", "kind": "Role", "metadata": {"name": "more"}, "rules": secrets}

    def refused() -> bool:
        with pytest.raises(Forbidden) as error:
            reader.create(role, space.name)
        return "is attempting to grant RBAC permissions not currently held" in error.value.message

    eventually(refused)
