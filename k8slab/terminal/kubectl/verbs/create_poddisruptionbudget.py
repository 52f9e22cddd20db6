"""kubectl create poddisruptionbudget."""

from __future__ import annotations

from ..creating.objects import Map, number_or_text, pairs, typed
from ..creating.submit import CREATING, one_name, submit
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..registry import verb

COUNTS = {"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0}


@verb(
    "create poddisruptionbudget",
    CREATING,
    Flag("min-available", help="The minimum number or percentage of available pods this budget requires."),
    Flag("max-unavailable", help="The maximum number or percentage of unavailable pods this budget requires."),
    Flag("selector", help="A label selector to use for this budget."),
    summary="Create a pod disruption budget with the specified name",
    usage="NAME --selector=SELECTOR --min-available=N",
    examples="  kubectl create poddisruptionbudget web --selector=app=web --min-available=1",
    aliases=("create pdb",),
)
def run(invocation: Invocation) -> None:
    flags, name = invocation.flags, one_name(invocation)
    least, most, selector = flags.text("min-available"), flags.text("max-unavailable"), flags.text("selector")
    if not selector:
        raise Failed("error: a selector must be specified")
    if not least and not most:
        raise Failed("error: one of min-available or max-unavailable must be specified")
    if least and most:
        raise Failed("error: min-available and max-unavailable cannot be both specified")
    spec: Map = {"minAvailable": number_or_text(least)} if least else {}
    spec["selector"] = {"matchLabels": pairs(selector.split(","), "selector")}
    if most:
        spec["maxUnavailable"] = number_or_text(most)
    submit(
        invocation,
        {**typed("policy/v1", "PodDisruptionBudget", name), "spec": spec, "status": dict(COUNTS)},
        prefix="failed to create poddisruptionbudgets:",
    )
