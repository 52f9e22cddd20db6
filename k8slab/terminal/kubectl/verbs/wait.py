"""kubectl wait."""

from __future__ import annotations

import time
from collections.abc import Iterator

from k8slab.kube.client import Obj
from k8slab.kube.errors import Expired, NotFound

from ..durations import seconds
from ..failures import Failures
from ..flags import Flag
from ..flagsets import ALL, ALL_NAMESPACES, FIELD_SELECTOR, FILENAME, LOCAL, OUTPUT, SELECTOR
from ..following import watch
from ..invocation import Failed, Invocation
from ..output.printers import Report
from ..registry import verb
from ..requests import list_all
from ..resources import Item, Selection, Target
from ..running.conditions import Test, read_condition

NOTHING = "error: no matching resources found"
FOR_EVER = 7 * 24 * 3600.0  # seconds: what a negative time-out means
PAUSE = 0.2  # seconds between looks for what does not exist yet
STREAM = 60.0  # seconds of one watch


@verb(
    "wait",
    FILENAME,
    OUTPUT,
    SELECTOR,
    FIELD_SELECTOR,
    ALL,
    ALL_NAMESPACES,
    LOCAL,
    Flag(
        "for",
        values=("condition=", "delete", "create", "jsonpath="),
        help="The condition to wait on: [create|delete|condition=NAME[=VALUE]|jsonpath='{EXPRESSION}'[=VALUE]].",
    ),
    Flag("timeout", kind="duration", default="30s", help="How long to wait; zero means check once, negative a week."),
    summary="Wait for a specific condition on one or many resources",
    usage="([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) "
    "[--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
    examples="""  kubectl wait --for=condition=Ready pod/web
  kubectl wait --for=jsonpath='{.status.phase}'=Running pod/web
  kubectl wait --for=delete pod/web --timeout=60s""",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    wanted = invocation.flags.text("for")
    test = None if wanted.lower() in ("delete", "create") else read_condition(wanted)
    until = _deadline(invocation)
    report, failures, found = Report(invocation), Failures(), 0
    for item in _items(invocation, wanted.lower(), until, failures):
        found += 1
        with failures.kept():
            done = _until_gone(invocation, item, until) if test is None and wanted.lower() == "delete" else None
            done = done or (item.obj if test is None else _until(invocation, item, test, until))
            report.tell(item.now(done), "condition met")
    if not found and not failures and wanted.lower() != "delete":
        raise Failed(NOTHING)
    failures.finish()


def _deadline(invocation: Invocation) -> float:
    patience = seconds(invocation, "timeout")
    return time.monotonic() + (FOR_EVER if patience < 0 else patience)


def _items(invocation: Invocation, wanted: str, until: float, failures: Failures) -> Iterator[Item]:
    """The objects; for `create` those that come, for `delete` what is gone already is passed over."""
    selection = Selection(invocation)
    for target in list(selection.tolerant_targets(failures)):
        with failures.kept():
            if wanted == "create" and target.name:
                yield from _once_there(invocation, selection, target, until)
            else:
                yield from _there(selection, target, gone_is_fine=wanted == "delete")


def _there(selection: Selection, target: Target, *, gone_is_fine: bool) -> list[Item]:
    try:
        return list(selection.items_of(target))
    except NotFound:
        if gone_is_fine:
            return []
        raise


def _once_there(invocation: Invocation, selection: Selection, target: Target, until: float) -> list[Item]:
    while not (found := _there(selection, target, gone_is_fine=True)):
        if time.monotonic() >= until:
            raise Failed("error: timed out waiting for the condition")
        invocation.streams.stop.wait(PAUSE)
    return found


def _late(item: Item) -> Failed:
    return Failed(f"error: timed out waiting for the condition on {item.resource.plural}/{item.name}")


def _until(invocation: Invocation, item: Item, test: Test, until: float) -> Obj:
    """The object once it passes the test."""
    if test(item.obj):
        return item.obj
    for obj in _states(invocation, item, until):
        if obj is not None and test(obj):
            return obj
    raise _late(item)


def _until_gone(invocation: Invocation, item: Item, until: float) -> Obj:
    uid = item.obj["metadata"].get("uid")
    for obj in _states(invocation, item, until):
        if obj is None or obj["metadata"].get("uid") != uid:
            return item.obj
    raise _late(item)


def _states(invocation: Invocation, item: Item, until: float) -> Iterator[Obj | None]:
    """The object as it is and whenever it changes, None when it is gone, to the deadline."""
    named = f"metadata.name={item.name}"
    path = item.resource.path(item.namespace)
    while (left := until - time.monotonic()) > 0:
        listing = list_all(invocation, item.resource, item.namespace, fields=named)
        yield listing["items"][0] if listing["items"] else None
        query = [("fieldSelector", named), ("resourceVersion", str(listing["metadata"]["resourceVersion"]))]
        length = min(STREAM, left)
        query.append(("timeoutSeconds", str(max(1, round(length)))))
        try:
            for kind, obj in watch(invocation, path, query, timeout=length):
                yield None if kind == "DELETED" else obj
        except Expired:
            continue
