"""Names of channel groups and channels: one group per sandbox, one for announcements, one mailbox of the watcher."""

from __future__ import annotations

ANNOUNCEMENTS = "live.hub"
WATCHER = "live-watcher"


def of_sandbox(namespace: str) -> str:
    return f"sandbox.{namespace}"
