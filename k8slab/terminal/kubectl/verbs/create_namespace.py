"""kubectl create namespace."""

from __future__ import annotations

from ..creating.objects import typed
from ..creating.submit import CREATING, one_name, submit
from ..invocation import Invocation
from ..registry import verb


@verb(
    "create namespace",
    CREATING,
    summary="Create a namespace with the specified name",
    usage="NAME",
    examples="  kubectl create namespace web",
    aliases=("create ns",),
)
def run(invocation: Invocation) -> None:
    submit(invocation, {**typed("v1", "Namespace", one_name(invocation)), "spec": {}, "status": {}})
