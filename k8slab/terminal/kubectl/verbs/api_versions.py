"""kubectl api-versions."""

from __future__ import annotations

from ..invocation import Failed, Invocation
from ..registry import verb


@verb("api-versions", summary='Print the supported API versions on the server, in the form of "group/version"')
def run(invocation: Invocation) -> None:
    if invocation.args:
        see = "See 'kubectl api-versions -h' for help and examples"
        raise Failed(f"error: unexpected arguments: [{' '.join(invocation.args)}]\n{see}")
    for version in sorted({resource.api_version for resource in invocation.client.discovery.resources()}):
        invocation.say(version)
