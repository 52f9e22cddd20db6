"""kubectl does not send its token over plain HTTP. On the loopback interface the kernel says who connected: a process
of our own user could read the administrator's token from the data directory anyway, so its kubectl acts as him.

Only where the kernel tells (Linux), only for loopback addresses named as such, and never for a browser. `kubectl proxy`
passes the name of its own client on: there the program at the other end must be kubectl.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
Address = tuple[str, int]


def is_own_kubectl(headers: Mapping[str, str], client: Address | None, server: Address | None) -> bool:
    if client is None or server is None or "origin" in headers or "authorization" in headers:
        return False
    is_named = headers.get("user-agent", "").startswith("kubectl")
    if not is_named and "x-forwarded-for" not in headers:
        return False
    host = headers.get("host", "").rpartition(":")[0].strip("[]")
    if not _is_loopback(client[0]) or not (host == "localhost" or _is_loopback(host)):
        return False
    uid, socket = _owner_of(client, server)
    return uid == os.getuid() and (is_named or _program_of(socket, client[1]).startswith("kubectl"))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _owner_of(client: Address, server: Address) -> tuple[int | None, str]:
    """The user of the process at the other end of this connection, and the number of its socket."""
    ours, theirs = f":{client[1]:04X}", f":{server[1]:04X}"
    for table in TABLES:
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(ours) and fields[2].endswith(theirs):
                return int(fields[7]), fields[9]
    return None, ""


@lru_cache(maxsize=64)
def _program_of(socket: str, port: int) -> str:
    """The name of the program that has this socket; "" where none of ours has it. The port tells apart connections
    that had the same number one after the other."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # of somebody else, or gone by now
            for handle in (process / "fd").iterdir():
                if str(handle.readlink()) == f"socket:[{socket}]":
                    return (process / "exe").readlink().name
    return ""
