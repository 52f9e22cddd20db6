"""kubectl create -f."""

from __future__ import annotations

from ..applying.lastapplied import annotated
from ..failures import Failures, doing
from ..flags import Flag
from ..flagsets import DRY_RUN, FILENAME, OUTPUT, SAVE_CONFIG, SELECTOR, VALIDATE, manager
from ..invocation import Failed, Invocation
from ..manifests import has_files
from ..output.printers import Report
from ..registry import verb
from ..requests import create, writing
from ..resources import Item, Selection, Target
from ..selecting import matches

SEE = "See 'kubectl create -h' for help and examples"


@verb(
    "create",
    FILENAME,
    OUTPUT,
    SELECTOR,
    DRY_RUN,
    VALIDATE,
    SAVE_CONFIG,
    manager("kubectl-create"),
    Flag("edit", kind="bool", help="Edit the API resource before creating."),
    Flag("raw", help="Raw URI to POST to the server."),
    summary="Create a resource from a file or from stdin",
    usage="-f FILENAME",
    examples="  kubectl create -f web.yaml\n  kubectl create deployment web --image=nginx",
    completes="file",
)
def run(invocation: Invocation) -> None:
    _check(invocation)
    report, failures = Report(invocation), Failures()
    count = 0
    for target in Selection(invocation).tolerant_targets(failures):
        selector = invocation.flags.text("selector")
        if selector and not matches(selector, target.obj or {}):
            continue
        count += 1
        with failures.kept():
            report.tell(_create(invocation, report, target.placed()), "created")
    if not count and not failures:
        raise Failed("error: no objects passed to create")
    failures.finish()


def _check(invocation: Invocation) -> None:
    flags = invocation.flags
    if invocation.args:
        raise Failed(f"error: Unexpected args: [{' '.join(invocation.args)}]\n{SEE}")
    if not has_files(invocation):
        raise Failed("error: must specify one of -f and -k")
    for name in ("edit", "raw"):
        if flags.was_given(name):
            raise Failed(f"error: --{name} is not available in this terminal")


def _create(invocation: Invocation, report: Report, target: Target) -> Item:
    assert target.obj is not None
    obj = annotated(target.obj) if invocation.flags.on("save-config") else target.obj
    if report.how != "client":
        with doing("creating", target.source):
            query = writing(invocation, validate=True)
            obj = create(invocation, target.resource, target.namespace, obj, query)
    name = str((obj.get("metadata") or {}).get("name") or target.name)
    return Item(target.resource, target.namespace, name, obj, target.source)
