"""Nobody who acts as a student can act as somebody else by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from k8slab.kube.client import Client
from k8slab.kube.errors import Forbidden

STUDENT = "system:serviceaccount:{ns}:student"


@pytest.fixture
def student(emulator: Path, namespace_name: str) -> Iterator[Client]:
    app = Client.from_kubeconfig(emulator)
    app.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace_name}})
    yield app.as_user(STUDENT.format(ns=namespace_name), ["system:authenticated"])
    app.delete("v1", "Namespace", namespace_name)


@pytest.mark.parametrize(
    ("user", "groups", "what"),
    [
        (
            "admin",
            [],
            'users "admin" is forbidden: User "{student}" cannot impersonate resource "users" in API group ""',
        ),
        (
            "system:serviceaccount:kube-system:x",
            [],
            'resource "serviceaccounts" in API group "" in the namespace "kube-',
        ),
        ("admin", ["system:masters"], 'users "admin" is forbidden'),
    ],
)
def test_a_student_stays_a_student(
    student: Client, namespace_name: str, user: str, groups: list[str], what: str
) -> None:
    with pytest.raises(Forbidden) as refused:
        student.as_user(user, groups)
    assert what.format(student=STUDENT.format(ns=namespace_name)) in refused.value.message


def test_a_right_that_was_given_is_honoured_and_not_its_neighbour(
    student: Client, emulator: Path, namespace_name: str
) -> None:
    app = Client.from_kubeconfig(emulator)
    rule = {"apiGroups": [""], "resources": ["serviceaccounts"], "resourceNames": ["bot"], "verbs": ["impersonate"]}
    rbac = "rbac.authorization.k8s.io/v1"
    app.create({"apiVersion": rbac, "kind": "Role", "metadata": {"name": "r"}, "rules": [rule]}, namespace_name)
    binding = {
        "apiVersion": rbac,
        "kind": "RoleBinding",
        "metadata": {"name": "r"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"},
        "subjects": [{"kind": "ServiceAccount", "name": "student", "namespace": namespace_name}],
    }
    app.create(binding, namespace_name)
    bot = student.as_user(f"system:serviceaccount:{namespace_name}:bot")
    assert bot.user.endswith(":bot")
    with pytest.raises(Forbidden):
        student.as_user(f"system:serviceaccount:{namespace_name}:other")
    with pytest.raises(Forbidden):
        student.as_user(f"system:serviceaccount:{namespace_name}:bot", ["system:masters"])
    with pytest.raises(Forbidden):
        bot.as_user("admin")
