"""kubectl apply."""

from __future__ import annotations

from ..applying import clientside, pruning, serverside
from ..failures import Failures
from ..flags import Flag
from ..flagsets import ALL, DRY_RUN, FILENAME, OUTPUT, SELECTOR, VALIDATE
from ..invocation import Failed, Invocation
from ..manifests import has_files
from ..output.printers import Report
from ..registry import verb
from ..resources import Item, Selection, Target
from ..selecting import matches

NO_FILES = "error: must specify one of -f and -k"
EXAMPLES = """  kubectl apply -f web.yaml
  kubectl apply -f .
  cat web.yaml | kubectl apply -f -
  kubectl apply --server-side -f web.yaml"""


@verb(
    "apply",
    FILENAME,
    OUTPUT,
    SELECTOR,
    ALL,
    DRY_RUN,
    VALIDATE,
    Flag("server-side", kind="bool", help="If true, apply runs in the server instead of the client."),
    Flag("force-conflicts", kind="bool", help="If true, server-side apply will force the changes against conflicts."),
    Flag("field-manager", help="Name of the manager used to track field ownership."),
    Flag("force", kind="bool", help="If true, immediately remove resources from API and bypass graceful deletion."),
    Flag("overwrite", kind="bool", default="true", help="Automatically resolve conflicts by using values of the file."),
    Flag("prune", kind="bool", help="Automatically delete resource objects that do not appear in the files."),
    Flag(
        "prune-allowlist", kind="array", help="Overwrite the default allowlist with <group/version/kind> for --prune."
    ),
    Flag("wait", kind="bool", help="If true, wait for resources to be gone before returning."),
    Flag("cascade", default="background", alone="background", help='Must be "background", "orphan", or "foreground".'),
    Flag("grace-period", kind="int", default="-1", help="Seconds given to the resource to terminate gracefully."),
    Flag("timeout", kind="duration", default="0s", help="The length of time to wait before giving up on a delete."),
    Flag("openapi-patch", kind="bool", default="true", help="If true, use openapi to calculate diff."),
    summary="Apply a configuration to a resource by file name or stdin",
    usage="(-f FILENAME | -k DIRECTORY)",
    examples=EXAMPLES,
    completes="file",
)
def run(invocation: Invocation) -> None:
    _check(invocation)
    report, failures = Report(invocation), Failures()
    kept: set[str] = set()
    namespaces: set[str] = set()
    shown: list[Item] = []
    for target in _targets(invocation, failures):
        with failures.kept():
            item, done = _apply(invocation, target)
            kept.add(item.obj["metadata"].get("uid", ""))
            namespaces.add(item.namespace or "")
            if report.whole:
                shown.append(item)
            else:
                report.tell(item, done)
    if shown:
        report.all(shown)
    if invocation.flags.on("prune"):
        with failures.kept():
            pruning.prune(invocation, kept, namespaces - {""})
    failures.finish()


def _check(invocation: Invocation) -> None:
    flags = invocation.flags
    if invocation.args:
        raise Failed(
            f"error: Unexpected args: [{' '.join(invocation.args)}]\nSee 'kubectl apply -h' for help and examples"
        )
    if not has_files(invocation):
        raise Failed(NO_FILES)
    if flags.on("force-conflicts") and not flags.on("server-side"):
        raise Failed("error: --force-conflicts only works with --server-side")
    if flags.text("dry-run") == "client" and flags.on("server-side"):
        raise Failed("error: --dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
    if flags.on("force") and flags.on("server-side"):
        raise Failed("error: --force cannot be used with --server-side")
    pruning.check(invocation)


def _targets(invocation: Invocation, failures: Failures) -> list[Target]:
    """Nothing is applied before all files are read; what is wrong with some of them is told at the end."""
    selector = invocation.flags.text("selector")
    targets: list[Target] = []
    for target in Selection(invocation).tolerant_targets(failures):
        if not selector or matches(selector, target.obj or {}):
            targets.append(target.placed())
    if not targets and not failures:
        raise Failed("error: no objects passed to apply")
    return targets


def _apply(invocation: Invocation, target: Target) -> tuple[Item, str]:
    if invocation.flags.on("server-side"):
        obj, done = serverside.apply_object(invocation, target), "serverside-applied"
    else:
        applied = clientside.apply_object(invocation, target)
        obj, done = applied.obj, applied.done
    return Item(target.resource, target.namespace, target.name, obj, target.source), done
