"""kubectl create rolebinding, clusterrolebinding."""

from __future__ import annotations

from ..creating.objects import Map, typed
from ..creating.subjects import SUBJECT_FLAGS, read_subjects, role_ref
from ..creating.submit import CREATING, one_name, required, submit
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..registry import verb

VERSION = "rbac.authorization.k8s.io/v1"
CLUSTER_ROLE = Flag("clusterrole", help="ClusterRole this binding should reference")


def _binding(kind: str, name: str, subjects: list[dict[str, str]], ref: dict[str, str]) -> Map:
    obj = typed(VERSION, kind, name)
    return {**obj, **({"subjects": subjects} if subjects else {}), "roleRef": ref}


@verb(
    "create rolebinding",
    CREATING,
    SUBJECT_FLAGS,
    CLUSTER_ROLE,
    Flag("role", help="Role this RoleBinding should reference"),
    summary="Create a role binding for a particular role or cluster role",
    usage="NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:name]",
    examples="  kubectl create rolebinding readers --role=reader --serviceaccount=web:robot",
)
def role_binding(invocation: Invocation) -> None:
    flags, name = invocation.flags, one_name(invocation)
    role, cluster_role = flags.text("role"), flags.text("clusterrole")
    if bool(role) == bool(cluster_role):
        raise Failed("error: exactly one of clusterrole or role must be specified")
    ref = role_ref("Role", role) if role else role_ref("ClusterRole", cluster_role)
    submit(
        invocation,
        _binding("RoleBinding", name, read_subjects(invocation), ref),
        prefix="failed to create rolebinding:",
    )


@verb(
    "create clusterrolebinding",
    CREATING,
    SUBJECT_FLAGS,
    CLUSTER_ROLE,
    summary="Create a cluster role binding for a particular cluster role",
    usage="NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:name]",
)
def cluster_role_binding(invocation: Invocation) -> None:
    required(invocation, "clusterrole")
    name, ref = one_name(invocation), role_ref("ClusterRole", invocation.flags.text("clusterrole"))
    submit(
        invocation,
        _binding("ClusterRoleBinding", name, read_subjects(invocation), ref),
        prefix="failed to create clusterrolebinding:",
    )
