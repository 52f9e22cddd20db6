"""kubectl patch."""

from __future__ import annotations

import json
from typing import Any

from ..failures import Failures
from ..flags import Flag
from ..flagsets import DRY_RUN, FILENAME, LOCAL, OUTPUT, SUBRESOURCE, manager
from ..invocation import Failed, Invocation
from ..manifests import read_text, values_of
from ..merging.schema import merging_of
from ..output.printers import Report
from ..patching.jsonpatch import apply_json_patch
from ..patching.mergepatch import apply_merge_patch
from ..patching.strategic import apply_strategic_patch
from ..registry import verb
from ..requests import patch, writing
from ..resources import Item, Selection

TYPES = ("json", "merge", "strategic")


@verb(
    "patch",
    FILENAME,
    OUTPUT,
    DRY_RUN,
    LOCAL,
    SUBRESOURCE,
    manager("kubectl-patch"),
    Flag("patch", "p", help="The patch to be applied to the resource JSON file."),
    Flag("patch-file", help="A file containing a patch to be applied to the resource."),
    Flag("type", default="strategic", values=TYPES, help="The type of patch being provided."),
    summary="Update fields of a resource",
    usage="(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]",
    examples="""  kubectl patch deployment web -p '{"spec":{"replicas":2}}'""",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    how = invocation.flags.text("type").lower()
    if how not in TYPES:
        raise Failed(f'error: --type must be one of [json merge strategic], not "{invocation.flags.text("type")}"')
    body = _patch(invocation)
    report, failures = Report(invocation), Failures()
    local = invocation.flags.on("local")
    items = list(Selection(invocation, local=local).items(failures))
    for item in items:
        with failures.kept():
            changed = _patched(invocation, report, item, body, how)
            same = changed.obj == item.obj
            report.tell(changed, "patched (no change)" if same else "patched", label=_label(changed), bare=True)
    if not items and not failures:
        raise Failed("error: no objects passed to patch")
    failures.finish()


def _label(item: Item) -> str:
    """A patched scale is named as what it is."""
    if item.obj.get("kind") == item.resource.kind:
        return item.label
    group = str(item.obj.get("apiVersion", "")).rpartition("/")[0]
    kind = str(item.obj.get("kind", "")).lower()
    return f"{kind}.{group}/{item.name}" if group else f"{kind}/{item.name}"


def _patch(invocation: Invocation) -> Any:
    """The patch as JSON; YAML is understood as well."""
    flags = invocation.flags
    given, name = flags.text("patch"), flags.text("patch-file")
    if given and name:
        raise Failed("error: cannot specify --patch and --patch-file together")
    if not given and not name:
        raise Failed("error: must specify --patch or --patch-file containing the contents of the patch")
    text = given
    if name:
        found = invocation.streams.stdin.read() if name == "-" else read_text(invocation.streams, name)
        if found is None:
            raise Failed(f"error: unable to read patch file: open {name}: no such file or directory")
        text = found
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        if text.lstrip().startswith("{"):
            return text.encode()  # the server says what is wrong with it
        values = list(values_of(text, "error: unable to parse " + json.dumps(text) + ": "))
    return values[0] if values else {}


def _patched(invocation: Invocation, report: Report, item: Item, body: Any, how: str) -> Item:
    if report.how == "client" or invocation.flags.on("local"):
        return item.now(_locally(invocation, item, body, how))
    subresource = invocation.flags.text("subresource")
    query = writing(invocation, manager="kubectl-patch")
    return item.now(patch(invocation, item.resource, item.namespace, item.name, body, how, query, subresource))


def _locally(invocation: Invocation, item: Item, body: Any, how: str) -> Any:
    if isinstance(body, bytes):
        raise Failed("error: unexpected end of JSON input")
    if how == "json":
        return apply_json_patch(item.obj, body)
    merging = merging_of(invocation.client.fields, item.resource)
    if how == "strategic" and merging is not None:
        return apply_strategic_patch(item.obj, body, merging)
    return apply_merge_patch(item.obj, body)
