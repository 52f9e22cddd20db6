"""kubectl replace."""

from __future__ import annotations

from k8slab.kube.client import Obj
from k8slab.kube.errors import NotFound

from ..applying.lastapplied import annotated, last_applied
from ..deleting.waiting import gone
from ..failures import Failures, doing
from ..flags import Flag
from ..flagsets import DRY_RUN, FILENAME, OUTPUT, SAVE_CONFIG, SUBRESOURCE, VALIDATE, manager
from ..invocation import Failed, Invocation
from ..manifests import has_files
from ..output.printers import Report
from ..registry import verb
from ..requests import call, create, delete, get, writing
from ..resources import Item, Selection, Target, kind_word


@verb(
    "replace",
    FILENAME,
    OUTPUT,
    DRY_RUN,
    VALIDATE,
    SAVE_CONFIG,
    SUBRESOURCE,
    manager("kubectl-replace"),
    Flag("force", kind="bool", help="If true, delete the object and create it again."),
    Flag("cascade", default="background", alone="background", help='Must be "background", "orphan", or "foreground".'),
    Flag("grace-period", kind="int", default="-1", help="Seconds given to the resource to terminate gracefully."),
    Flag("timeout", kind="duration", default="0s", help="The length of time to wait before giving up on a delete."),
    Flag("wait", kind="bool", help="If true, wait for resources to be gone before returning."),
    summary="Replace a resource by file name or stdin",
    usage="-f FILENAME",
    examples="  kubectl replace -f web.yaml\n  kubectl replace --force -f web.yaml",
    completes="file",
)
def run(invocation: Invocation) -> None:
    flags = invocation.flags
    if flags.number("grace-period") >= 0 and not flags.on("force"):
        raise Failed("error: --grace-period must have --force specified")
    if not has_files(invocation):
        raise Failed("error: must specify one of -f and -k")
    report, failures = Report(invocation), Failures()
    targets = [target.placed() for target in Selection(invocation, []).tolerant_targets(failures)]
    if flags.on("force") and report.how != "none":
        raise Failed("error: --dry-run can not be used when --force is set")
    if flags.on("force"):
        for target in targets:
            with failures.kept():
                _delete(invocation, target)
    for target in targets:
        with failures.kept():
            report.tell(_replace(invocation, report, target), "replaced")
    if not targets and not failures:
        raise Failed("error: no objects passed to replace")
    failures.finish()


def _delete(invocation: Invocation, target: Target) -> None:
    grace = invocation.flags.number("grace-period")
    options: Obj = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"}
    options |= {"gracePeriodSeconds": grace} if grace >= 0 else {}
    try:
        delete(invocation, target.resource, target.namespace, target.name, options)
    except NotFound:
        return
    invocation.say(f'{kind_word(target.resource)} "{target.name}" deleted')
    gone(invocation, target.resource, target.namespace, target.name)


def _replace(invocation: Invocation, report: Report, target: Target) -> Item:
    assert target.obj is not None
    item = Item(target.resource, target.namespace, target.name, target.obj, target.source)
    if invocation.flags.on("save-config") or last_applied(target.obj) is not None:
        item = item.now(annotated(target.obj))
    if report.how == "client":
        return item
    query = writing(invocation, validate=True)
    if invocation.flags.on("force"):
        with doing("creating", target.source):
            return item.now(create(invocation, item.resource, item.namespace, item.obj, query))
    with doing("replacing", target.source):
        if not item.name:
            raise Failed(f'error: error when replacing "{target.source}": resource name may not be empty')
        body = _versioned(invocation, item)
        path = item.resource.path(item.namespace, item.name, invocation.flags.text("subresource") or None)
        return item.now(call(invocation, "PUT", path, query=query, body=body)[1])


def _versioned(invocation: Invocation, item: Item) -> Obj:
    """The object of the file with the version that it replaces; as it is where there is none."""
    if item.obj["metadata"].get("resourceVersion"):
        return item.obj
    try:
        live = get(invocation, item.resource, item.namespace, item.name)
    except NotFound:
        return item.obj
    return {**item.obj, "metadata": {**item.obj["metadata"], "resourceVersion": live["metadata"]["resourceVersion"]}}
