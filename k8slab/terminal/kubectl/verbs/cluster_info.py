"""kubectl cluster-info."""

from __future__ import annotations

from ..contexts import SERVER
from ..invocation import Failed, Invocation
from ..registry import verb


@verb("cluster-info", summary="Display cluster information")
def run(invocation: Invocation) -> None:
    if invocation.args:
        raise Failed("error: kubectl cluster-info dump is not available in this terminal: look at single objects")
    invocation.client.connection.json("GET", "/version", timeout=10.0)
    invocation.say(f"Kubernetes control plane is running at {SERVER}")
    invocation.say("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.")
