"""kubectl scale."""

from __future__ import annotations

import orjson

from k8slab.kube.client import Obj
from k8slab.kube.errors import Conflict

from ..failures import Failures
from ..flags import Flag
from ..flagsets import ALL, DRY_RUN, FILENAME, OUTPUT, SELECTOR
from ..invocation import Failed, Invocation
from ..output.printers import Report, dry_run
from ..registry import verb
from ..requests import call, writing
from ..resources import Item, Selection

NO_COUNT = "error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"
MANAGER = "kubectl-scale"
TRIES = 10


@verb(
    "scale",
    FILENAME,
    OUTPUT,
    SELECTOR,
    ALL,
    DRY_RUN,
    Flag("replicas", kind="int", help="The new desired number of replicas. Required."),
    Flag("current-replicas", kind="int", default="-1", help="Precondition for current size."),
    Flag("resource-version", help="Precondition for resource version."),
    Flag("timeout", kind="duration", default="0s", help="The length of time to wait before giving up on a scale."),
    summary="Set a new size for a deployment, replica set, or replication controller",
    usage="--replicas=COUNT (-f FILENAME | TYPE NAME)",
    examples="  kubectl scale deployment web --replicas=3",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    flags = invocation.flags
    if not flags.was_given("replicas"):
        raise Failed('error: required flag(s) "replicas" not set')
    if flags.number("replicas") < 0:
        raise Failed(NO_COUNT)
    if flags.number("current-replicas") < -1:
        raise Failed("error: The --current-replicas must specify an integer of -1 or greater")
    report, failures = Report(invocation), Failures()
    items = list(Selection(invocation).items(failures))
    if not items:
        why = " ".join(str(error.message).removeprefix("error: ") for error in failures.errors)
        raise Failed(f"error: no objects passed to scale {why}".rstrip())
    if flags.text("resource-version") and len(items) > 1:
        raise Failed("error: cannot use --resource-version with multiple resources")
    for item in items:
        with failures.kept():
            if report.how != "client":
                _scale(invocation, item)
            report.tell(item, "scaled")
    failures.finish()


def _scale(invocation: Invocation, item: Item) -> None:
    """With a precondition the scale is read and replaced, otherwise patched in one go."""
    flags, replicas = invocation.flags, invocation.flags.number("replicas")
    path = item.resource.path(item.namespace, item.name, "scale")
    query = writing(invocation, manager=MANAGER)
    if flags.number("current-replicas") < 0 and not flags.text("resource-version"):
        body = {"spec": {"replicas": replicas}}
        call(
            invocation, "PATCH", path, body=orjson.dumps(body), query=query, content_type="application/merge-patch+json"
        )
        return
    for attempt in range(1, TRIES + 1):
        scale = call(invocation, "GET", path)[1]
        _check(invocation, scale)
        try:
            spec = {**(scale.get("spec") or {}), "replicas": replicas}
            call(invocation, "PUT", path, body={**scale, "spec": spec}, query=query)
            return
        except Conflict:
            if attempt == TRIES or dry_run(invocation) != "none":
                raise


def _check(invocation: Invocation, scale: Obj) -> None:
    flags = invocation.flags
    wanted, is_now = flags.number("current-replicas"), (scale.get("spec") or {}).get("replicas", 0)
    if wanted >= 0 and wanted != is_now:
        raise Failed(f"error: Expected replicas to be {wanted}, was {is_now}")
    version = scale["metadata"].get("resourceVersion", "")
    if flags.text("resource-version") not in ("", version):
        raise Failed(f"error: Expected resource version to be {flags.text('resource-version')}, was {version}")
