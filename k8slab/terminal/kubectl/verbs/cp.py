"""kubectl cp: refused. There is no disk here that files could be copied from or to, but the exercise's files."""

from __future__ import annotations

from ..flags import Flag
from ..invocation import Failed, Invocation
from ..registry import verb

WHY = """error: kubectl cp is not part of this terminal: it would copy from or to a disk, and there is none here.
A single file goes either way with:
  kubectl exec POD -- cat PATH > FILE
  kubectl exec -i POD -- sh -c 'cat > PATH' < FILE"""


@verb(
    "cp",
    Flag("container", "c", help="Container name."),
    Flag("no-preserve", kind="bool", help="The copied file's ownership and permissions are not preserved."),
    Flag("retries", kind="int", default="0", help="How often a copy from a container is tried again."),
    summary="Copy files and directories to and from containers (not in this terminal)",
    usage="<file-spec-src> <file-spec-dest>",
)
def run(invocation: Invocation) -> None:
    if len(invocation.args) != 2:
        raise Failed("error: source and destination are required")
    if not any(":" in word for word in invocation.args):
        raise Failed("error: one of src or dest must be a remote file specification")
    raise Failed(WHY)
