"""kubectl cordon and uncordon."""

from __future__ import annotations

from ..invocation import Invocation
from ..nodes.cordoning import NODES, chosen_nodes, cordon
from ..registry import verb


@verb("cordon", NODES, summary="Mark node as unschedulable", usage="NODE", completes="node")
def run(invocation: Invocation) -> None:
    cordon(invocation, chosen_nodes(invocation), closed=True)


@verb("uncordon", NODES, summary="Mark node as schedulable", usage="NODE", completes="node")
def uncordon(invocation: Invocation) -> None:
    cordon(invocation, chosen_nodes(invocation), closed=False)
