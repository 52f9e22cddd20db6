"""kubectl."""

from __future__ import annotations

from .registry import Call, program


@program("kubectl", summary="Talks to the cluster")
def kubectl(call: Call) -> int:
    return call.state.kubectl(call.args, call.streams)
