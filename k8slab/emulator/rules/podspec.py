"""Pod specs, alone and in templates: the defaults that depend on other fields."""

from __future__ import annotations

from collections.abc import Iterator

from k8slab.emulator.ports import Obj

LISTS = ("initContainers", "containers", "ephemeralContainers")


def containers_of(spec: Obj) -> Iterator[Obj]:
    for name in LISTS:
        yield from spec.get(name) or []


def default_pod_spec(spec: Obj, *, real: bool) -> None:
    """`real` is a pod; otherwise a template."""
    for volume in spec.get("volumes") or []:
        if len(volume) == 1:
            volume["emptyDir"] = {}
    for container in containers_of(spec):
        _default_container(container, bool(spec.get("hostNetwork")), real)
    if spec.get("serviceAccountName"):
        spec["serviceAccount"] = spec["serviceAccountName"]
    elif spec.get("serviceAccount"):
        spec["serviceAccountName"] = spec["serviceAccount"]
    if spec.get("terminationGracePeriodSeconds", 0) < 0:
        spec["terminationGracePeriodSeconds"] = 1
    if real:
        spec.setdefault("enableServiceLinks", True)
        _default_pod_resources(spec)


def _default_container(container: Obj, host_network: bool, real: bool) -> None:
    if "imagePullPolicy" not in container:
        container["imagePullPolicy"] = pull_policy(container.get("image", ""))
    if host_network:
        for port in container.get("ports") or []:
            port.setdefault("hostPort", port.get("containerPort", 0))
    if real:
        resources = container.get("resources") or {}
        for name, amount in (resources.get("limits") or {}).items():
            resources.setdefault("requests", {}).setdefault(name, amount)


def _default_pod_resources(spec: Obj) -> None:
    resources = spec.get("resources") or {}
    for name, amount in (resources.get("limits") or {}).items():
        resources.setdefault("requests", {}).setdefault(name, amount)


def pull_policy(image: str) -> str:
    name = image.rpartition("/")[2]
    if "@" in image:
        return "IfNotPresent"
    tag = name.partition(":")[2]
    return "Always" if tag in ("", "latest") else "IfNotPresent"


def qos_class(spec: Obj) -> str:
    """BestEffort without any cpu or memory, Guaranteed where limits equal requests everywhere, else Burstable."""
    all_requests: set[str] = set()
    guaranteed = True
    for container in [*(spec.get("initContainers") or []), *spec["containers"]]:
        resources = container.get("resources") or {}
        requests, limits = resources.get("requests") or {}, resources.get("limits") or {}
        known = {n for n in ("cpu", "memory") if requests.get(n, "0") != "0" or limits.get(n, "0") != "0"}
        all_requests |= known
        if any(limits.get(n, "0") == "0" or limits[n] != requests.get(n, limits[n]) for n in ("cpu", "memory")):
            guaranteed = False
    if not all_requests:
        return "BestEffort"
    return "Guaranteed" if guaranteed else "Burstable"
