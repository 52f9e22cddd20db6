"""Roles, bindings and service accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.kube.errors import KubeError

from ..about import About
from ..events import write_events
from ..metadata import write_head, write_marks
from ..policyrules import TITLES, rule_cells
from ..registry import describes
from ..text import Text

GROUP = "rbac.authorization.k8s.io"


@describes("Role", GROUP)
@describes("ClusterRole", GROUP)
def describe(about: About, to: Text) -> None:
    to.field("Name", about.name)
    write_marks(about, to)
    to.write(0, "PolicyRule:\n")
    to.line(1, *TITLES)
    to.line(1, "---------", "-----------------", "--------------", "-----")
    for cells in rule_cells(about.obj.get("rules") or ()):
        to.line(1, *cells)


@describes("RoleBinding", GROUP)
@describes("ClusterRoleBinding", GROUP)
def describe_binding(about: About, to: Text) -> None:
    reference = about.obj.get("roleRef") or {}
    to.field("Name", about.name)
    write_marks(about, to)
    to.write(0, "Role:\n")
    to.field("Kind", reference.get("kind", ""), 1)
    to.field("Name", reference.get("name", ""), 1)
    to.write(0, "Subjects:\n")
    to.line(1, "Kind", "Name", "Namespace")
    to.line(1, "----", "----", "---------")
    for subject in about.obj.get("subjects") or ():
        to.line(1, *(str(subject.get(key) or "") for key in ("kind", "name", "namespace")))


@describes("ServiceAccount")
def describe_account(about: About, to: Text) -> None:
    write_head(about, to)
    pulls, mounts = (_names(about.obj.get(key)) for key in ("imagePullSecrets", "secrets"))
    tokens, missing = _secrets(about, {*pulls, *mounts})
    headings = ("Image pull secrets:", "Mountable secrets: ", "Tokens:            ")
    for heading, names in zip(headings, (pulls, mounts, tokens), strict=True):
        if not names:
            to.line(0, heading, "<none>")
        for i, name in enumerate(names):
            to.line(0, " " * len(heading) if i else heading, f"{name} (not found)" if name in missing else name)
    write_events(about, to)


def _names(references: list[Mapping[str, Any]] | None) -> list[str]:
    return [str(each.get("name", "")) for each in references or ()]


def _secrets(about: About, named: set[str]) -> tuple[list[str], set[str]]:
    """The account's tokens, and which of the names are no secrets; nothing where secrets may not be read."""
    try:
        secrets = about.objects("v1", "Secret", about.namespace)
    except KubeError:
        return [], set()
    mine = {
        "kubernetes.io/service-account.name": about.name,
        "kubernetes.io/service-account.uid": about.metadata["uid"],
    }
    tokens = [
        secret["metadata"]["name"]
        for secret in secrets
        if secret.get("type") == "kubernetes.io/service-account-token"
        and mine.items() <= (secret["metadata"].get("annotations") or {}).items()
    ]
    return tokens, named - {secret["metadata"]["name"] for secret in secrets}
