"""kubectl label."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..flagsets import manager
from ..invocation import Failed, Invocation
from ..keyed import KEYED, Changes, Field, Told, run_keyed
from ..registry import verb
from ..resources import Item

LABELS = Field("labels", "label", "kubectl-label")
_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
LONGEST = 63


class _Labels(Told):
    def check(self, changes: Changes) -> None:
        for key, value in changes.set.items():
            if len(value) > LONGEST:
                raise Failed(f'error: invalid label value: "{key}={value}": must be no more than {LONGEST} characters')
            if not _VALUE.fullmatch(value):
                raise Failed(f'error: invalid label value: "{key}={value}": {VALUE_RULE}')

    def taken(self, old: Mapping[str, str], changes: Changes) -> None:
        problems = [
            f"'{key}' already has a value ({old[key]}), and --overwrite is false"
            for key, value in changes.set.items()
            if key in old and old[key] != value
        ]
        if problems:
            raise Failed(f"error: {problems[0]}" if len(problems) == 1 else "\n".join(problems))

    def done(self, old: Mapping[str, str], new: Mapping[str, str], changes: Changes, *, overwrite: bool) -> str:
        if not old and not new:
            return "labeled"  # kubectl takes no labels for other than an empty map of them
        if old == new:
            return "not labeled"
        return "labeled" if changes.set or overwrite else "unlabeled"

    def heading(self, item: Item) -> str:
        kind = f"{item.resource.kind}.{item.resource.group}" if item.resource.group else item.resource.kind
        return f"Listing labels for {kind}/{item.name}:"


@verb(
    "label",
    KEYED,
    manager("kubectl-label"),
    summary="Update the labels on a resource",
    usage="[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
    examples="  kubectl label pod web tier=front\n  kubectl label pod web tier-",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    run_keyed(invocation, LABELS, _Labels())
