"""kubectl delete."""

from __future__ import annotations

import time
from typing import Any

from k8slab.kube.client import Obj
from k8slab.kube.errors import NotFound

from ..deleting.waiting import gone
from ..durations import seconds
from ..failures import Failures, doing
from ..flags import Flag
from ..flagsets import ALL, ALL_NAMESPACES, DRY_RUN, FIELD_SELECTOR, FILENAME, SELECTOR
from ..invocation import Failed, Invocation
from ..manifests import has_files
from ..output.printers import dry_run
from ..registry import verb
from ..requests import delete
from ..resources import NOTHING_NAMED, Item, Selection, kind_word, label

FORCED = """Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. \
The resource may continue to run on the cluster indefinitely."""
CLUSTER_SCOPED = "Warning: deleting cluster-scoped resources, not scoped to the provided namespace"
FOREVER = 7 * 24 * 3600.0  # seconds that a deletion is waited for unless --timeout says otherwise
CASCADES = {"background": "Background", "foreground": "Foreground", "orphan": "Orphan", "true": "Background"}
DONE = {"none": "", "client": " (dry run)", "server": " (server dry run)"}


@verb(
    "delete",
    FILENAME,
    SELECTOR,
    FIELD_SELECTOR,
    ALL,
    ALL_NAMESPACES,
    DRY_RUN,
    Flag("ignore-not-found", kind="bool", help='Treat "resource not found" as a successful delete.'),
    Flag("cascade", default="background", alone="background", help='Must be "background", "orphan", or "foreground".'),
    Flag("grace-period", kind="int", default="-1", help="Seconds given to the resource to terminate gracefully."),
    Flag("now", kind="bool", help="If true, resources are signaled for immediate shutdown."),
    Flag("force", kind="bool", help="If true, immediately remove resources from API and bypass graceful deletion."),
    Flag("wait", kind="bool", default="true", help="If true, wait for resources to be gone before returning."),
    Flag("timeout", kind="duration", default="0s", help="The length of time to wait before giving up on a delete."),
    Flag("output", "o", help="Output mode. Use '-o name' for shorter output (resource/name).", values=("name",)),
    Flag("interactive", "i", kind="bool", help="If true, delete resource only when user confirms."),
    summary="Delete resources by file names, stdin, resources and names, or by resources and label selector",
    usage="([-f FILENAME] | TYPE [(NAME | -l label | --all)])",
    examples="  kubectl delete pod web\n  kubectl delete -f web.yaml\n  kubectl delete deploy,svc -l app=web",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    grace, cascade = _grace(invocation), _cascade(invocation)
    _check(invocation)
    failures = Failures()
    deleted: list[tuple[Item, str]] = []
    items = _items(invocation, failures)
    for item in items:
        with failures.kept():
            uid = _delete(invocation, item, _options(grace, cascade))
            deleted.append((item, uid))
    if not deleted and not failures:
        invocation.say("No resources found")
    waits = invocation.flags.on("wait") and dry_run(invocation) == "none" and not _unwaited(invocation)
    if waits and not failures:
        _wait(invocation, deleted)
    failures.finish()


def _check(invocation: Invocation) -> None:
    flags = invocation.flags
    if flags.text("output") not in ("", "name"):
        raise Failed(f"error: unexpected -o output mode: {flags.text('output')}. We only support '-o name'")
    if flags.on("all") and flags.text("selector"):
        raise Failed("error: setting 'all' parameter but found a non empty selector. ")
    if not invocation.args and not has_files(invocation):
        raise Failed(NOTHING_NAMED)
    if flags.on("all") and flags.text("field-selector"):
        raise Failed("error: cannot set --all and --field-selector at the same time")
    if flags.on("interactive"):
        raise Failed("error: --interactive is not available in this terminal")


def _grace(invocation: Invocation) -> int:
    """Seconds, -1 where the object's own time counts."""
    flags = invocation.flags
    grace = flags.number("grace-period")
    if flags.on("now"):
        if grace != -1:
            raise Failed("error: --now and --grace-period cannot be specified together")
        grace = 1
    if flags.on("force") and grace > 0:
        raise Failed("error: --force and --grace-period greater than 0 cannot be specified together")
    if grace == 0 and not flags.on("force"):
        return 1  # graceful, and fast
    if flags.on("force"):
        invocation.warn(FORCED)
        return 0
    return grace


def _cascade(invocation: Invocation) -> str:
    word = invocation.flags.text("cascade")
    if word in ("true", "false"):
        to = {"true": "background", "false": "orphan"}[word]
        invocation.warn(
            f"W0000 helpers.go:694] --cascade={word} is deprecated (boolean value) and can be replaced with "
            f"--cascade={to}."
        )
        word = to
    if word not in CASCADES:
        raise Failed(f'error: invalid cascade value ({word}). Must be "background", "foreground", or "orphan"')
    return CASCADES[word]


def _options(grace: int, cascade: str) -> dict[str, Any]:
    options: dict[str, Any] = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": cascade}
    return options if grace < 0 else {**options, "gracePeriodSeconds": grace}


def _items(invocation: Invocation, failures: Failures) -> list[Item]:
    """Everything is found before anything is deleted, and what was named is deleted without a look at it."""
    selection = Selection(invocation, all_selects=True)
    items: list[Item] = []
    for target in selection.tolerant_targets(failures):
        if target.name or target.obj is not None:
            items.append(Item(target.resource, target.namespace, target.name, target.obj or {}, target.source))
        else:
            with failures.kept():
                items += selection.items_of(target)
    if invocation.flags.was_given("namespace") and any(item.namespace is None for item in items):
        invocation.warn(CLUSTER_SCOPED)
    return items


def _delete(invocation: Invocation, item: Item, options: Obj) -> str:
    """The uid of what is going, "" where nothing was there."""
    how = dry_run(invocation)
    answer: Obj = {}
    if how != "client":
        query = [("dryRun", "All")] if how == "server" else []
        if not item.name:
            raise Failed(f'error: error when deleting "{item.source}": resource name may not be empty')
        try:
            with doing("deleting", item.source):
                answer = delete(invocation, item.resource, item.namespace, item.name, options, query)
        except NotFound:
            if invocation.flags.on("ignore-not-found"):
                return ""
            raise
    _tell(invocation, item, how)
    if answer.get("kind") == "Status":
        return str((answer.get("details") or {}).get("uid", ""))
    return str((answer.get("metadata") or {}).get("uid", ""))


def _tell(invocation: Invocation, item: Item, how: str) -> None:
    if invocation.flags.text("output") == "name":
        invocation.say(label(item.resource, item.name))
        return
    forced = "force deleted" if invocation.flags.on("force") else "deleted"
    invocation.say(f'{kind_word(item.resource)} "{item.name}" {forced}{DONE[how]}')


def _unwaited(invocation: Invocation) -> bool:
    """A forced deletion is over at once."""
    return invocation.flags.on("force") and not invocation.flags.was_given("wait")


def _wait(invocation: Invocation, deleted: list[tuple[Item, str]]) -> None:
    given = seconds(invocation, "timeout")
    until = time.monotonic() + (given if given > 0 else FOREVER)
    for item, uid in deleted:
        if not uid:
            continue
        if not gone(invocation, item.resource, item.namespace, item.name, uid=uid, until=until):
            raise Failed(f"error: timed out waiting for the condition on {item.resource.plural}/{item.name}")
