"""kubectl autoscale."""

from __future__ import annotations

from ..creating.objects import Map, typed
from ..creating.submit import CREATING, submit
from ..failures import Failures
from ..flags import Flag
from ..flagsets import FILENAME
from ..invocation import Failed, Invocation
from ..registry import verb
from ..resources import Item, Selection


@verb(
    "autoscale",
    [flag for flag in CREATING if flag.name not in ("validate", "field-manager")],
    FILENAME,
    Flag("field-manager", default="kubectl-autoscale", help="Name of the manager used to track field ownership."),
    Flag("max", kind="int", default="-1", help="The upper limit for the number of pods that can be set."),
    Flag("min", kind="int", default="-1", help="The lower limit for the number of pods that can be set."),
    Flag("cpu-percent", kind="int", default="-1", help="The target average CPU utilization over all the pods."),
    Flag("name", help="The name for the newly created object."),
    summary="Auto-scale a deployment, replica set, stateful set, or replication controller",
    usage="(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU]",
    examples="  kubectl autoscale deployment web --min=2 --max=5 --cpu-percent=80",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    _check(invocation)
    failures = Failures()
    items = list(Selection(invocation).items(failures))
    for item in items:
        with failures.kept():
            submit(invocation, _autoscaler(invocation, item), done="autoscaled")
    if not items and not failures:
        raise Failed("error: no objects passed to autoscale")
    failures.finish()


def _check(invocation: Invocation) -> None:
    flags = invocation.flags
    if not flags.was_given("max"):
        raise Failed('error: required flag(s) "max" not set')
    most, least = flags.number("max"), flags.number("min")
    if most < 1:
        raise Failed(f"error: --max=MAXPODS is required and must be at least 1, max: {most}")
    if most < least:
        raise Failed(f"error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: {most}, min: {least}")


def _autoscaler(invocation: Invocation, item: Item) -> Map:
    flags, resource = invocation.flags, item.resource
    if "scale" not in resource.subresources:
        shown = f"{resource.group}/{resource.version}, Resource={resource.plural}"
        raise Failed(
            f"error: cannot autoscale a {resource.kind}: could not find scale subresource for {shown} in discovery "
            "information"
        )
    spec: Map = {"scaleTargetRef": {"kind": resource.kind, "name": item.name, "apiVersion": resource.api_version}}
    if flags.number("min") > 0:
        spec["minReplicas"] = flags.number("min")
    spec["maxReplicas"] = flags.number("max")
    if flags.number("cpu-percent") >= 0:
        spec["targetCPUUtilizationPercentage"] = flags.number("cpu-percent")
    head = typed("autoscaling/v1", "HorizontalPodAutoscaler", flags.text("name") or item.name)
    return {**head, "spec": spec, "status": {"currentReplicas": 0, "desiredReplicas": 0}}
