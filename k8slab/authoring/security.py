"""Pod Security level baseline, as every sandbox enforces it that is not about a node's own disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from k8slab.catalog.positions import Path as Place

from .objects import Manifest, containers

CAPABILITIES = frozenset(
    (
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
        "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    )
)  # fmt: skip
_LEVEL = "the Pod Security level baseline forbids"


def problems(manifest: Manifest) -> Iterator[tuple[Place, str]]:
    for place, pod in manifest.pods():
        for key in ("hostNetwork", "hostPID", "hostIPC"):
            if pod.get(key):
                yield (*place, key), f"{_LEVEL} {key}"
        for number, volume in enumerate(pod.get("volumes") or ()):
            if isinstance(volume, Mapping) and "hostPath" in volume:
                yield (*place, "volumes", number, "hostPath"), f"{_LEVEL} hostPath; the capability host-path allows it"
        yield from _context((*place, "securityContext"), pod.get("securityContext"))
        for at, container in containers(place, pod):
            yield from _container(at, container)


def _container(place: Place, container: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    for number, port in enumerate(container.get("ports") or ()):
        if isinstance(port, Mapping) and port.get("hostPort"):
            yield (*place, "ports", number, "hostPort"), f"{_LEVEL} hostPort"
    context = container.get("securityContext")
    yield from _context((*place, "securityContext"), context)
    if not isinstance(context, Mapping):
        return
    if context.get("privileged"):
        yield (*place, "securityContext", "privileged"), f"{_LEVEL} privileged"
    added = (context.get("capabilities") or {}).get("add") or ()
    if more := sorted(set(map(str, added)) - CAPABILITIES):
        yield (*place, "securityContext", "capabilities", "add"), f"{_LEVEL} {', '.join(more)}"


def _context(place: Place, context: Any) -> Iterator[tuple[Place, str]]:
    """What pods and containers may both say."""
    seccomp = context.get("seccompProfile") if isinstance(context, Mapping) else None
    if isinstance(seccomp, Mapping) and seccomp.get("type") == "Unconfined":
        yield (*place, "seccompProfile", "type"), f"{_LEVEL} an unconfined seccomp profile"
