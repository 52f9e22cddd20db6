"""The addresses behind a service, in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from k8slab.kube.client import Obj

from .about import About

SHOWN = 3


def slices_of(about: About, service: str) -> list[Obj]:
    """Raises a KubeError."""
    return about.objects(
        "discovery.k8s.io/v1", "EndpointSlice", about.namespace, labels=f"kubernetes.io/service-name={service}"
    )


def addresses_line(slices: Sequence[Obj], port: str) -> str:
    """Those that are ready: the first few, and how many more there are.

    Args: `port` is a port's name; slices without ports (headless services) count with any.
    """
    if not slices:
        return "<none>"
    found = list(_addresses(slices, port))
    text = ",".join(found[:SHOWN])
    # kubectl looks at the next endpoint before it knows whether that is ready, and then says `+ 0 more`
    return f"{text} + {len(found) - SHOWN} more..." if _looks_further(slices, port) else text


def _addresses(slices: Iterable[Obj], port: str) -> Iterator[str]:
    for ready, address in _candidates(slices, port):
        if ready:
            yield address


def _looks_further(slices: Iterable[Obj], port: str) -> bool:
    seen = 0
    for ready, _ in _candidates(slices, port):
        if seen == SHOWN:
            return True
        seen += ready
    return False


def _candidates(slices: Iterable[Obj], port: str) -> Iterator[tuple[bool, str]]:
    for each in slices:
        numbers = [p.get("port") for p in each.get("ports") or () if (p.get("name") or "") == port]
        for number in numbers if each.get("ports") else [None]:
            for endpoint in each.get("endpoints") or ():
                ready = (endpoint.get("conditions") or {}).get("ready")
                address = str(endpoint["addresses"][0])
                host = f"[{address}]" if ":" in address else address
                yield ready is not False, address if number is None else f"{host}:{number}"
