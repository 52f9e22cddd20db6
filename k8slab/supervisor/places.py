"""Where run-time state lies: one directory, `var/`, that may be thrown away."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_SOCKET_PATH = 100  # the kernel refuses unix socket paths of 104 (BSD, macOS) or 108 (Linux) bytes


class UnsafePlace(Exception):
    """A directory for sockets and secrets belongs to somebody else."""


def var_dir() -> Path:
    return Path(os.environ.get("K8SLAB_VAR") or ROOT / "var").resolve()


@dataclass(frozen=True)
class Places:
    var: Path

    @property
    def run(self) -> Path:
        """Secrets, sockets, process ids: nobody else may look in."""
        return self.var / "run"

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def redis(self) -> Path:
        return self.var / "redis"

    @property
    def cluster(self) -> Path:
        return self.var / "cluster"

    @property
    def kubeconfig(self) -> Path:
        return self.cluster / "kubeconfig"

    @property
    def redis_url_file(self) -> Path:
        return self.run / "redis-url"

    def pid_file(self, process: str) -> Path:
        return self.run / f"{process}.pid"

    def make(self) -> None:
        self.var.mkdir(parents=True, exist_ok=True)
        for directory in (self.run, self.log, self.redis, self.cluster):
            private_directory(directory)

    def redis_socket(self) -> Path:
        """In var/run; in a short directory of our own where the checkout lies too deep for a socket."""
        wanted = self.run / "redis.sock"
        if len(os.fsencode(wanted)) <= LONGEST_SOCKET_PATH:
            return wanted
        digest = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        return private_directory(Path(tempfile.gettempdir()) / f"k8slab-{os.getuid()}-{digest}") / "redis.sock"


def private_directory(directory: Path) -> Path:
    """Makes `directory` for us alone. One that a stranger put there first is refused, not used."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = directory.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid():
        raise UnsafePlace(f"{directory} is not a directory of yours: remove it and start again")
    directory.chmod(0o700)
    return directory
