"""Which pods of a node are to leave it, and what stands against that."""

from __future__ import annotations

from dataclasses import dataclass, field

from k8slab.kube.client import Obj
from k8slab.kube.errors import KubeError, NotFound

from ..describe.about import controller
from ..invocation import Invocation
from ..requests import get, list_all

UNMANAGED = "Pods that declare no controller"
Found = dict[str, list[str]]  # what is said → pods


@dataclass(slots=True)
class Leaving:
    pods: list[Obj] = field(default_factory=list)
    warnings: Found = field(default_factory=dict)
    problems: Found = field(default_factory=dict)

    def warning(self) -> str:
        return "; ".join(f"{text}: {', '.join(pods)}" for text, pods in self.warnings.items())

    def problem(self) -> str:
        """ "" where nothing stands against it."""
        lines = [f"cannot delete {text}: {', '.join(pods)}" for text, pods in self.problems.items()]
        return lines[0] if len(lines) == 1 else f"[{', '.join(lines)}]" if lines else ""


def leaving(invocation: Invocation, node: str) -> Leaving:
    """Raises a KubeError."""
    found = Leaving()
    pods = invocation.client.resource("v1", "Pod")
    labels = invocation.flags.text("pod-selector")
    for pod in list_all(invocation, pods, None, labels=labels, fields=f"spec.nodeName={node}")["items"]:
        leaves, warning, problem = _judge(invocation, pod)
        name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        if leaves:
            found.pods.append(pod)
        if warning:
            found.warnings.setdefault(warning, []).append(name)
        if problem:
            found.problems.setdefault(problem, []).append(name)
    return found


def _judge(invocation: Invocation, pod: Obj) -> tuple[bool, str, str]:
    """(whether it leaves, a warning, a problem). The last question decides what is warned of, as in kubectl."""
    if (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed"):
        return True, "", ""
    if "kubernetes.io/config.mirror" in (pod["metadata"].get("annotations") or {}):
        return False, "", ""
    owner = controller(pod)
    if owner and owner.get("kind") == "DaemonSet":
        return _of_daemon_set(invocation, pod, str(owner.get("name")))
    local = any(volume.get("emptyDir") is not None for volume in (pod.get("spec") or {}).get("volumes") or ())
    if local and not invocation.flags.on("delete-emptydir-data"):
        return False, "", "Pods with local storage (use --delete-emptydir-data to override)"
    if owner:
        return True, "", ""
    if invocation.flags.on("force"):
        return True, f"deleting {UNMANAGED}", ""
    return False, "", f"cannot delete {UNMANAGED} (use --force to override)"


def _of_daemon_set(invocation: Invocation, pod: Obj, name: str) -> tuple[bool, str, str]:
    try:
        get(invocation, invocation.client.resource("apps/v1", "DaemonSet"), pod["metadata"]["namespace"], name)
    except NotFound as error:
        if invocation.flags.on("force"):
            return True, error.message, ""
        return False, "", error.message
    except KubeError as error:
        return False, "", error.message
    if invocation.flags.on("ignore-daemonsets"):
        return False, "ignoring DaemonSet-managed Pods", ""
    return False, "", "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)"
