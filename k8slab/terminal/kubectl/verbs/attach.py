"""kubectl attach."""

from __future__ import annotations

from typing import Any

from k8slab.kube.client import Obj
from k8slab.kube.dialogue import Wish

from ..flags import Flag
from ..flagsets import FILENAME
from ..invocation import Failed, Invocation
from ..manifests import has_files
from ..registry import verb
from ..resources import Item, Selection, find_resource
from ..running.containers import default_container
from ..running.conversing import converse
from ..running.podsof import first_pod, named
from .exec import usable_terminal

HINT = "If you don't see a command prompt, try pressing enter."


@verb(
    "attach",
    FILENAME[0],
    Flag("container", "c", help="Container name. If omitted, use the annotation or the first container in the pod."),
    Flag("stdin", "i", kind="bool", help="Pass stdin to the container."),
    Flag("tty", "t", kind="bool", help="Stdin is a TTY."),
    Flag("quiet", "q", kind="bool", help="Only print output from the remote session."),
    Flag("pod-running-timeout", kind="duration", default="1m0s", help="How long to wait until a pod is running."),
    summary="Attach to a running container",
    usage="(POD | TYPE/NAME) -c CONTAINER",
    examples="  kubectl attach web\n  kubectl attach web -c side -it",
    completes="pod",
)
def run(invocation: Invocation) -> None:
    pod, _ = first_pod(invocation, _asked(invocation), "attach to")
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise Failed(f"error: cannot attach a container in a completed pod; current phase is {phase}")
    flags, name = invocation.flags, pod["metadata"]["name"]
    container = _container(invocation, pod)
    wish = Wish(container["name"], (), flags.on("stdin"), _terminal(invocation, container))
    if wish.stdin and wish.tty and not flags.on("quiet"):
        invocation.warn(HINT)
    path = find_resource(invocation, "pods").path(pod["metadata"]["namespace"], name, "attach")
    converse(invocation, path, wish)
    if wish.stdin and wish.tty and not flags.on("quiet") and pod["spec"].get("restartPolicy", "Always") == "Always":
        invocation.say(
            f"Session ended, resume using 'kubectl attach {name} -c {container['name']} -i -t' command "
            "when the pod is running"
        )


def _asked(invocation: Invocation) -> Item:
    args = invocation.args
    if has_files(invocation):
        selection = Selection(invocation)
        return next(item for target in selection.targets() for item in selection.items_of(target))
    if not args:
        raise Failed("error: at least 1 argument is required for attach")
    if len(args) > 2:
        raise Failed(
            f"error: expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw {len(args)}: {list(args)}"
        )
    return named(invocation, args[0] if len(args) == 1 else f"{args[0]}/{args[1]}")


def _container(invocation: Invocation, pod: Obj) -> dict[str, Any]:
    flags, name = invocation.flags, pod["metadata"]["name"]
    wanted = flags.text("container") or default_container(invocation, pod, quiet=flags.on("quiet"))
    for part in ("containers", "initContainers", "ephemeralContainers"):
        for each in pod["spec"].get(part) or ():
            if each["name"] == wanted:
                found: dict[str, Any] = each
                return found
    raise Failed(f"error: container {wanted} not found in pod {name}")


def _terminal(invocation: Invocation, container: dict[str, Any]) -> bool:
    """-t works only where the container was made with a terminal."""
    if not invocation.flags.on("tty"):
        return False
    if not container.get("tty"):
        if not invocation.flags.on("quiet"):
            invocation.warn(f"error: Unable to use a TTY - container {container['name']} did not allocate one")
        return False
    return usable_terminal(invocation)
