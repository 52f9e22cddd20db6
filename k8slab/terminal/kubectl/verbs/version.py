"""kubectl version."""

from __future__ import annotations

from ..flags import Flag
from ..invocation import Invocation
from ..registry import verb

CLIENT = "v1.32.0"  # whose output this kubectl follows
KUSTOMIZE = "v5.5.0"


@verb(
    "version",
    Flag("client", kind="bool", help="If true, shows client version only (no server required)."),
    summary="Print the client and server version information",
)
def run(invocation: Invocation) -> None:
    invocation.say(f"Client Version: {CLIENT}")
    invocation.say(f"Kustomize Version: {KUSTOMIZE}")
    if not invocation.flags.on("client"):
        server = invocation.client.connection.json("GET", "/version", timeout=10.0)[1]
        invocation.say(f"Server Version: {server['gitVersion']}")
