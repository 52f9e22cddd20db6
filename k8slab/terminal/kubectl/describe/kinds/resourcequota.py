"""Resource quotas."""

from __future__ import annotations

from k8slab.grading.quantity import quantity

from ...output.amounts import amount_text, is_binary
from ..about import About
from ..registry import describes
from ..text import Text

_PODS = "Matches all pods that"
HELP = {  # kubectl's own words
    "Terminating": f"{_PODS} have an active deadline. "
    "These pods have a limited lifespan on a node before being actively terminated by the system.",
    "NotTerminating": f"{_PODS} do not have an active deadline. "
    "These pods usually include long running pods whose container command is not expected to terminate.",
    "BestEffort": f"{_PODS} do not have resource requirements set. These pods have a best effort quality of service.",
    "NotBestEffort": f"{_PODS} have at least one resource requirement set. "
    "These pods have a burstable or guaranteed quality of service.",
}


@describes("ResourceQuota")
def describe(about: About, to: Text) -> None:
    to.field("Name", about.name)
    to.field("Namespace", about.namespace)
    scopes = sorted(about.spec.get("scopes") or ())
    if scopes:
        to.field("Scopes", ", ".join(scopes))
    for scope in scopes:
        if scope in HELP:
            to.write(0, f" * {HELP[scope]}\n")
    to.line(0, "Resource", "Used", "Hard")
    to.line(0, "--------", "----", "----")
    used = about.status.get("used") or {}
    for name, hard in sorted((about.status.get("hard") or {}).items()):
        to.line(0, name, _in_form_of(str(used.get(name, "0")), str(hard)), str(hard))


def _in_form_of(used: str, hard: str) -> str:
    """Where one is counted in Ki and Mi and the other is not, the usage is put into the limit's form."""
    amount = quantity(used)
    if amount is None or is_binary(used) == is_binary(hard):
        return used
    return amount_text(amount, binary=is_binary(hard))
