"""--user, --group and --serviceaccount of role bindings."""

from __future__ import annotations

from ..flags import Flag
from ..invocation import Failed, Invocation

API_GROUP = "rbac.authorization.k8s.io"
SUBJECT_FLAGS = (
    Flag("user", kind="array", help="Usernames to bind to the role."),
    Flag("group", kind="array", help="Groups to bind to the role."),
    Flag(
        "serviceaccount", kind="array", help="Service accounts to bind to the role, in the format <namespace>:<name>."
    ),
)


def read_subjects(invocation: Invocation) -> list[dict[str, str]]:
    flags = invocation.flags
    subjects = [{"kind": "User", "apiGroup": API_GROUP, "name": name} for name in flags.many("user")]
    subjects += [{"kind": "Group", "apiGroup": API_GROUP, "name": name} for name in flags.many("group")]
    for word in flags.many("serviceaccount"):
        namespace, colon, name = word.partition(":")
        if not colon or not namespace or not name or ":" in name:
            raise Failed("error: serviceaccount must be <namespace>:<name>")
        subjects.append({"kind": "ServiceAccount", "name": name, "namespace": namespace})
    return subjects


def role_ref(kind: str, name: str) -> dict[str, str]:
    return {"apiGroup": API_GROUP, "kind": kind, "name": name}
