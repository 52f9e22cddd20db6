"""kubectl create priorityclass."""

from __future__ import annotations

from ..creating.objects import Map, typed
from ..creating.submit import CREATING, one_name, submit
from ..flags import Flag
from ..invocation import Invocation
from ..registry import verb


@verb(
    "create priorityclass",
    CREATING,
    Flag("value", kind="int", default="0", help="the value of this priority class."),
    Flag("global-default", kind="bool", help="global-default specifies whether this is the default priority."),
    Flag("description", help="an arbitrary string that describes when this priority class should be used."),
    Flag("preemption-policy", default="PreemptLowerPriority", help="the policy for preempting pods."),
    summary="Create a priority class with the specified name",
    usage="NAME --value=VALUE --global-default=BOOL",
    examples="  kubectl create priorityclass high --value=1000",
    aliases=("create pc",),
)
def run(invocation: Invocation) -> None:
    flags = invocation.flags
    obj: Map = {**typed("scheduling.k8s.io/v1", "PriorityClass", one_name(invocation)), "value": flags.number("value")}
    if flags.on("global-default"):
        obj["globalDefault"] = True
    if flags.text("description"):
        obj["description"] = flags.text("description")
    obj["preemptionPolicy"] = flags.text("preemption-policy")
    submit(invocation, obj, prefix="failed to create priorityclass:")
