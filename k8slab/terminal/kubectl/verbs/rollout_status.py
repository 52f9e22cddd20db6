"""kubectl rollout status."""

from __future__ import annotations

import time
from collections.abc import Iterator

from k8slab.kube.client import Obj
from k8slab.kube.errors import Expired

from ..durations import seconds
from ..failures import Failures
from ..flags import Flag
from ..flagsets import FILENAME, SELECTOR
from ..following import watch
from ..invocation import Failed, Invocation
from ..registry import verb
from ..requests import list_all
from ..resources import Item, Selection
from ..rolling.patching import check_named
from ..rolling.progress import progress

STREAM = 300.0  # seconds of one watch
FOR_EVER = 366 * 24 * 3600.0


@verb(
    "rollout status",
    FILENAME,
    SELECTOR,
    Flag("watch", "w", kind="bool", default="true", help="Watch the status of the rollout until it's done."),
    Flag("revision", kind="int", default="0", help="Pin to a specific revision for showing its status."),
    Flag("timeout", kind="duration", default="0s", help="The length of time to wait before ending watch, 0: never."),
    summary="Show the status of the rollout",
    usage="(TYPE NAME | TYPE/NAME) [flags]",
    examples="  kubectl rollout status deployment/web --timeout=60s",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    check_named(invocation)
    revision = invocation.flags.number("revision")
    if revision < 0:
        raise Failed(f"error: revision must be a positive integer: {revision}")
    failures = Failures()
    items = list(Selection(invocation, all_if_bare=True).items(failures))
    for item in items:
        with failures.kept():
            _follow(invocation, item, revision)
    if not items and not failures:
        invocation.warn(f"No resources found in {invocation.namespace} namespace.")
    failures.finish()


def _follow(invocation: Invocation, item: Item, revision: int) -> None:
    """Tells every change until the rollout is over."""
    for obj in _states(invocation, item, time.monotonic() + (seconds(invocation, "timeout") or FOR_EVER)):
        line, done = progress(item, obj, revision)
        invocation.say(line)
        if done or not invocation.flags.on("watch"):
            return
    raise Failed("error: timed out waiting for the condition")


def _states(invocation: Invocation, item: Item, until: float) -> Iterator[Obj]:
    """The object as it is and whenever it changes, to the deadline. Raises Failed when it is gone."""
    named, path = f"metadata.name={item.name}", item.resource.path(item.namespace)
    told = ""
    while True:
        listing = list_all(invocation, item.resource, item.namespace, fields=named)
        if not listing["items"]:
            raise Failed("error: object has been deleted")
        if (version := listing["items"][0]["metadata"]["resourceVersion"]) != told:
            told = version
            yield listing["items"][0]
        left = min(STREAM, until - time.monotonic())
        if left <= 0:
            return
        query = [("fieldSelector", named), ("resourceVersion", str(listing["metadata"]["resourceVersion"]))]
        query.append(("timeoutSeconds", str(max(1, round(left)))))
        try:
            for kind, obj in watch(invocation, path, query, timeout=left):
                if kind == "DELETED":
                    raise Failed("error: object has been deleted")
                told = obj["metadata"]["resourceVersion"]
                yield obj
        except Expired:
            continue
