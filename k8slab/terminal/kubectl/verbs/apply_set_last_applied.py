"""kubectl apply set-last-applied."""

from __future__ import annotations

from ..applying.lastapplied import ANNOTATION, annotated, last_applied
from ..failures import Failures
from ..flags import Flag
from ..flagsets import DRY_RUN, FILENAME, OUTPUT
from ..invocation import Failed, Invocation
from ..output.printers import Report
from ..registry import verb
from ..requests import get, patch, writing
from ..resources import Item, Selection, Target


@verb(
    "apply set-last-applied",
    FILENAME,
    OUTPUT,
    DRY_RUN,
    Flag("create-annotation", kind="bool", help="Will create the annotation if the object does not already have one."),
    summary="Set the latest last-applied-configuration annotations by setting it to match the contents of a file.",
    usage="-f FILENAME",
    examples="  kubectl apply set-last-applied -f web.yaml",
    completes="file",
)
def run(invocation: Invocation) -> None:
    report, failures = Report(invocation), Failures()
    for target in Selection(invocation).tolerant_targets(failures):
        with failures.kept():
            report.tell(_set(invocation, report, target.placed()), "configured")
    failures.finish()


def _set(invocation: Invocation, report: Report, target: Target) -> Item:
    assert target.obj is not None
    live = get(invocation, target.resource, target.namespace, target.name)
    if last_applied(live) is None and not invocation.flags.on("create-annotation"):
        raise Failed(
            f"error: no last-applied-configuration annotation found on resource: {target.name}, to create the "
            "annotation, run the command with --create-annotation"
        )
    if report.how != "client":
        text = annotated(target.obj)["metadata"]["annotations"][ANNOTATION]
        body = {"metadata": {"annotations": {ANNOTATION: text}}}
        live = patch(invocation, target.resource, target.namespace, target.name, body, "merge", writing(invocation))
    return Item(target.resource, target.namespace, target.name, live, target.source)
