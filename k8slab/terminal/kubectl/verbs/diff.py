"""kubectl diff."""

from __future__ import annotations

from datetime import UTC, datetime

from k8slab.kube.client import Obj
from k8slab.kube.errors import KubeError, NotFound

from ..applying.clientside import patch_of
from ..applying.lastapplied import ANNOTATION, annotated
from ..failures import Failures
from ..flags import Flag
from ..flagsets import FILENAME, SELECTOR
from ..invocation import Failed, Invocation
from ..manifests import has_files
from ..output.unified import unified
from ..output.yamltext import to_yaml
from ..registry import verb
from ..requests import create, get, patch
from ..resources import Selection, Target
from ..selecting import matches
from ..wording import error_line

TROUBLE = 2  # exit code of an error; 1 says that there are differences
DRY = [("dryRun", "All")]
HIDDEN, BEFORE, AFTER = "***", "*** (before)", "*** (after)"


@verb(
    "diff",
    FILENAME,
    SELECTOR,
    Flag("server-side", kind="bool", help="If true, apply runs in the server instead of the client."),
    Flag("force-conflicts", kind="bool", help="If true, server-side apply will force the changes against conflicts."),
    Flag("field-manager", default="kubectl-client-side-apply", help="Name of the manager used to track ownership."),
    Flag("show-managed-fields", kind="bool", help="If true, include managed fields in the diff."),
    Flag("concurrency", kind="int", default="1", help="Number of objects to process in parallel."),
    Flag("prune", kind="bool", help="Include resources that would be deleted by pruning."),
    summary="Diff the live version against a would-be applied version",
    usage="-f FILENAME",
    examples="  kubectl diff -f web.yaml",
    completes="file",
)
def run(invocation: Invocation) -> int:
    try:
        return _run(invocation)
    except Failed as failure:
        raise Failed(failure.message, TROUBLE) from None
    except KubeError as error:
        raise Failed(error_line(error), TROUBLE) from error


def _run(invocation: Invocation) -> int:
    if invocation.args:
        raise Failed(
            f"error: Unexpected args: [{' '.join(invocation.args)}]\nSee 'kubectl diff -h' for help and examples"
        )
    if not has_files(invocation):
        raise Failed("error: must specify one of -f and -k")
    failures, selector = Failures(), invocation.flags.text("selector")
    texts: list[tuple[str, str, str]] = []
    for target in Selection(invocation).tolerant_targets(failures):
        if not selector or matches(selector, target.obj or {}):
            texts.append((_file_name(target), *_both(invocation, target.placed())))
    failures.finish()
    different = [_difference(*text) for text in sorted(texts) if text[1] != text[2]]
    invocation.streams.out("".join(different))
    return 1 if different else 0


def _file_name(target: Target) -> str:
    resource = target.resource
    parts = [resource.group, resource.version, resource.kind, target.namespace or "", target.name]
    return ".".join(parts if resource.group else parts[1:])


def _both(invocation: Invocation, target: Target) -> tuple[str, str]:
    """The object as it is and as it would be, as YAML."""
    try:
        live = get(invocation, target.resource, target.namespace, target.name)
    except NotFound:
        live = None
    merged = _merged(invocation, target, live)
    if target.resource.kind == "Secret" and not target.resource.group:
        live, merged = _masked(live, merged)
    return _text(invocation, live), _text(invocation, merged)


def _merged(invocation: Invocation, target: Target, live: Obj | None) -> Obj:
    assert target.obj is not None
    flags, resource = invocation.flags, target.resource
    if flags.on("server-side"):
        manager = flags.text("field-manager") if flags.was_given("field-manager") else "kubectl"
        force = "true" if flags.on("force-conflicts") else "false"
        query = [*DRY, ("fieldManager", manager), ("force", force)]
        return patch(invocation, resource, target.namespace, target.name, target.obj, "apply", query)
    query = [*DRY, ("fieldManager", flags.text("field-manager"))]
    if live is None:
        return create(invocation, resource, target.namespace, target.obj, query)
    body, how = patch_of(invocation, target, _bare(target.obj), live)
    return patch(invocation, resource, target.namespace, target.name, body, how, query) if body else live


def _bare(obj: Obj) -> Obj:
    """As `apply` would send it, but for the annotation of what was applied last: that one stays as it is."""
    modified = annotated(obj)
    del modified["metadata"]["annotations"][ANNOTATION]
    return modified


def _masked(live: Obj | None, merged: Obj) -> tuple[Obj | None, Obj]:
    """Without the values of a Secret; those that differ are told apart."""
    old, new = dict((live or {}).get("data") or {}), dict(merged.get("data") or {})
    before = {key: BEFORE if key in new and new[key] != value else HIDDEN for key, value in old.items()}
    after = {key: AFTER if key in old and old[key] != value else HIDDEN for key, value in new.items()}
    masked = {**live, **({"data": before} if old else {})} if live is not None else None
    return masked, {**merged, **({"data": after} if new else {})}


def _text(invocation: Invocation, obj: Obj | None) -> str:
    if obj is None:
        return ""
    dropped = () if invocation.flags.on("show-managed-fields") else ("managedFields",)
    metadata = {key: value for key, value in obj["metadata"].items() if key not in dropped}
    return to_yaml({**obj, "metadata": metadata})


def _difference(name: str, live: str, merged: str) -> str:
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}000 +0000"
    mark = abs(hash(name)) % 10**9
    old, new = f"/tmp/LIVE-{mark}/{name}", f"/tmp/MERGED-{mark}/{name}"  # noqa: S108  # names as diff shows them, no files
    text = unified(live.splitlines(), merged.splitlines(), f"{old}\t{now}", f"{new}\t{now}")
    return f"diff -u -N {old} {new}\n{text}"
