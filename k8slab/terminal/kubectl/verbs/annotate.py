"""kubectl annotate."""

from __future__ import annotations

from collections.abc import Mapping

from ..flagsets import manager
from ..invocation import Failed, Invocation
from ..keyed import KEYED, Changes, Field, Told, run_keyed
from ..registry import verb
from ..resources import Item

ANNOTATIONS = Field("annotations", "annotation", "kubectl-annotate")


class _Annotations(Told):
    def taken(self, old: Mapping[str, str], changes: Changes) -> None:
        problems = [
            f"'{key}' already has a value ({old[key]})"
            for key, value in changes.set.items()
            if key in old and old[key] != value
        ]
        if problems:
            raise Failed(
                "error: --overwrite is false but found the following declared annotation(s): " + "; ".join(problems)
            )

    def done(self, old: Mapping[str, str], new: Mapping[str, str], changes: Changes, *, overwrite: bool) -> str:
        return "annotated"

    def heading(self, item: Item) -> str:
        kind = f"{item.resource.kind}.{item.resource.group}" if item.resource.group else item.resource.kind
        return f"Listing annotations for {kind}/{item.name}:"


@verb(
    "annotate",
    KEYED,
    manager("kubectl-annotate"),
    summary="Update the annotations on a resource",
    usage="[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
    examples="  kubectl annotate deployment web owner=ann\n  kubectl annotate deployment web owner-",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    run_keyed(invocation, ANNOTATIONS, _Annotations())
