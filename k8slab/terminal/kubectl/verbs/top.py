"""kubectl top: there are no metrics here."""

from __future__ import annotations

from ..flags import Flag
from ..flagsets import ALL_NAMESPACES, SELECTOR
from ..invocation import Failed, Invocation
from ..registry import verb

TOP = (
    SELECTOR,
    ALL_NAMESPACES,
    Flag("containers", kind="bool", help="If present, print usage of containers within a pod."),
    Flag("sort-by", values=("cpu", "memory"), help="Sort by cpu or memory."),
    Flag("no-headers", kind="bool", help="If present, print output without headers."),
    Flag("sum", kind="bool", help="Print the sum of the resource usage."),
)


@verb("top pod", TOP, summary="Display resource (CPU/memory) usage of pods", aliases=("top pods", "top po"))
@verb("top node", TOP, summary="Display resource (CPU/memory) usage of nodes", aliases=("top nodes", "top no"))
def run(invocation: Invocation) -> None:
    raise Failed("error: Metrics API not available")
