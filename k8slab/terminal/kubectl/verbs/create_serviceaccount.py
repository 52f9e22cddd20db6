"""kubectl create serviceaccount."""

from __future__ import annotations

from ..creating.objects import typed
from ..creating.submit import CREATING, one_name, submit
from ..invocation import Invocation
from ..registry import verb


@verb(
    "create serviceaccount",
    CREATING,
    summary="Create a service account with the specified name",
    usage="NAME",
    examples="  kubectl create serviceaccount robot",
    aliases=("create sa",),
)
def run(invocation: Invocation) -> None:
    submit(invocation, typed("v1", "ServiceAccount", one_name(invocation)), prefix="failed to create serviceaccount:")
