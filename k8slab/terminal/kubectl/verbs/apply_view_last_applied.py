"""kubectl apply view-last-applied."""

from __future__ import annotations

from ..applying.lastapplied import last_applied
from ..failures import Failures
from ..flags import Flag
from ..flagsets import ALL, FILENAME, SELECTOR
from ..invocation import Failed, Invocation
from ..output.godump import json_lines
from ..output.yamltext import to_yaml
from ..registry import verb
from ..resources import Selection


@verb(
    "apply view-last-applied",
    FILENAME,
    SELECTOR,
    ALL,
    Flag("output", "o", default="yaml", values=("json", "yaml"), help="Output format. Must be one of (yaml, json)"),
    summary="View the latest last-applied-configuration annotations by type/name or file.",
    usage="(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
    examples="  kubectl apply view-last-applied deployment/web",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    output = invocation.flags.text("output")
    if output not in ("json", "yaml"):
        raise Failed(f"error: Unexpected -o output mode: {output}, the flag 'output' must be one of yaml|json")
    failures = Failures()
    for item in Selection(invocation).items(failures):
        applied = last_applied(item.obj)
        if applied is None:
            raise Failed(f"error: no last-applied-configuration annotation found on resource: {item.name}")
        invocation.streams.out(to_yaml(applied) if output == "yaml" else json_lines(applied, 2) + "\n")
    failures.finish()
