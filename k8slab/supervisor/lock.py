"""One supervisor per var directory. The lock is the kernel's, so a killed supervisor leaves none behind."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from pathlib import Path
from typing import IO

from .places import Places


class AlreadyRuns(Exception):
    def __init__(self, url: str) -> None:
        super().__init__(f"k8slab already runs: {url}" if url else "k8slab is just starting in another terminal")
        self.url = url


def lock_file(places: Places) -> Path:
    return places.run / "supervisor.lock"


def take_lock(places: Places, url: str) -> IO[str]:
    """Held as long as the returned file is open."""
    file = lock_file(places).open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise AlreadyRuns(_url_in(places)) from None
    file.truncate(0)
    file.write(json.dumps({"url": url, "pid": os.getpid()}))
    file.flush()
    return file


def refuse_second_start(places: Places) -> None:
    """Raises AlreadyRuns without taking the lock."""
    try:
        file = lock_file(places).open("r", encoding="utf-8")
    except FileNotFoundError:
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRuns(_url_in(places)) from None


def _url_in(places: Places) -> str:
    try:
        return str(json.loads(lock_file(places).read_text(encoding="utf-8"))["url"])
    except (ValueError, KeyError):
        return ""


def port_is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str = "127.0.0.1") -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
