"""Which container of a pod is meant, as kubectl chooses it where nothing is said."""

from __future__ import annotations

from k8slab.kube.client import Obj

from ..invocation import Failed, Invocation

DEFAULT = "kubectl.kubernetes.io/default-container"


def names(pod: Obj, part: str) -> list[str]:
    """Of `containers`, `initContainers` or `ephemeralContainers`."""
    return [str(each["name"]) for each in (pod.get("spec") or {}).get(part) or ()]


def described(pod: Obj) -> str:
    """`web, side, setup (init)`"""
    shown = names(pod, "containers") + [f"{name} (ephem)" for name in names(pod, "ephemeralContainers")]
    return ", ".join(shown + [f"{name} (init)" for name in names(pod, "initContainers")])


def default_container(invocation: Invocation, pod: Obj, *, quiet: bool = False) -> str:
    """Says on standard error which one it is, where there are others. Raises Failed."""
    found = names(pod, "containers")
    metadata = pod["metadata"]
    if not found:
        raise Failed(f"error: pod {metadata.get('namespace')}/{metadata['name']} does not have any containers")
    annotated = (metadata.get("annotations") or {}).get(DEFAULT)
    if annotated in found:
        return str(annotated)
    if not quiet and len(found) + len(names(pod, "initContainers")) + len(names(pod, "ephemeralContainers")) > 1:
        invocation.warn(f'Defaulted container "{found[0]}" out of: {described(pod)}')
    return found[0]
