"""The clients that the app works with: as itself, and as a student."""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings

from k8slab.kube.client import Client
from k8slab.kube.errors import Unavailable

from .models import Sandbox
from .names import student_groups, student_user

_lock = threading.Lock()
_kept: tuple[tuple[str, int, int], Client] | None = None


def app_client() -> Client:
    """One client per process, made anew when the kubeconfig has changed: an embedded cluster that starts again may
    come back with another port or token. Raises Unavailable while there is none."""
    global _kept
    version = _version(Path(settings.KUBECONFIG))
    with _lock:
        if _kept is None or _kept[0] != version:
            _kept = (version, Client.from_kubeconfig(settings.KUBECONFIG))
        return _kept[1]


def student_client(sandbox: Sandbox) -> Client:
    """Acts as the sandbox's service account, so that the API server itself refuses what a student may not do."""
    return app_client().as_user(student_user(sandbox.namespace), student_groups(sandbox.namespace))


def _version(kubeconfig: Path) -> tuple[str, int, int]:
    try:
        stat = kubeconfig.stat()
    except OSError as error:
        raise Unavailable("there is no cluster yet: its kubeconfig cannot be read") from error
    return str(kubeconfig), stat.st_mtime_ns, stat.st_size
