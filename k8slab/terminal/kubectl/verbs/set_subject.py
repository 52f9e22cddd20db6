"""kubectl set subject."""

from __future__ import annotations

from ..changing import change_each
from ..creating.subjects import SUBJECT_FLAGS, read_subjects
from ..flagsets import manager
from ..invocation import Failed, Invocation
from ..registry import verb
from ..resources import Item, Selection
from ..setting.templates import SETTING, Map

BINDINGS = ("RoleBinding", "ClusterRoleBinding")


@verb(
    "set subject",
    SETTING,
    SUBJECT_FLAGS,
    manager("kubectl-set"),
    summary="Update the user, group, or service account in a role binding or cluster role binding",
    usage="(-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:name]",
    examples="  kubectl set subject rolebinding readers --serviceaccount=web:robot",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    new = read_subjects(invocation)
    if not new:
        raise Failed("error: you must specify at least one value of user, group or serviceaccount")

    def edit(item: Item) -> Map:
        if item.resource.kind not in BINDINGS:
            what = f"{item.resource.plural}/{item.name}"
            raise Failed(f"error: {what} setting subjects is only supported for RoleBinding/ClusterRoleBinding")
        before = item.obj.get("subjects") or []
        return {**item.obj, "subjects": [*before, *(subject for subject in new if subject not in before)]}

    selection = Selection(invocation, local=invocation.flags.on("local"))
    change_each(invocation, selection, edit, "subjects updated", "kubectl-set")
