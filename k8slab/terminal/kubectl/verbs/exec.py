"""kubectl exec."""

from __future__ import annotations

from k8slab.kube.client import Obj
from k8slab.kube.dialogue import Wish
from k8slab.kube.errors import KubeError, Unavailable

from ..flags import Flag
from ..flagsets import FILENAME
from ..invocation import Failed, Invocation
from ..manifests import has_files
from ..registry import verb
from ..resources import Item, Selection, find_resource
from ..running.containers import default_container
from ..running.conversing import converse
from ..running.podsof import first_pod, named

NOBODY = "error: pod, type/name or --filename must be specified"
NO_COMMAND = "error: you must specify at least one command for the container"
OLD_FORM = """error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead
See 'kubectl exec -h' for help and examples"""
NO_TERMINAL = "Unable to use a TTY - input is not a terminal or the right kind of file"


@verb(
    "exec",
    FILENAME[0],
    Flag("container", "c", help="Container name. If omitted, use the annotation or the first container in the pod."),
    Flag("stdin", "i", kind="bool", help="Pass stdin to the container."),
    Flag("tty", "t", kind="bool", help="Stdin is a TTY."),
    Flag("quiet", "q", kind="bool", help="Only print output from the remote session."),
    Flag("pod-running-timeout", kind="duration", default="1m0s", help="How long to wait until a pod is running."),
    summary="Execute a command in a container",
    usage="(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]",
    examples="""  kubectl exec web -- date
  kubectl exec -it deploy/web -c nginx -- sh""",
    completes="pod",
)
def run(invocation: Invocation) -> None:
    item, command = _asked(invocation)
    pod, _ = first_pod(invocation, item, "attach to")
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise Failed(f"error: cannot exec into a container in a completed pod; current phase is {phase}")
    flags = invocation.flags
    container = flags.text("container") or default_container(invocation, pod, quiet=flags.on("quiet"))
    wish = Wish(container, command, flags.on("stdin"), usable_terminal(invocation))
    code = _converse(invocation, pod, wish)
    if code:
        raise Failed(f"command terminated with exit code {code}", code)


def _asked(invocation: Invocation) -> tuple[Item, list[str]]:
    """Who is meant, and the command. Raises Failed."""
    args, behind = list(invocation.args), invocation.after_dashes
    if has_files(invocation):
        items = [
            item for target in Selection(invocation, []).targets() for item in Selection(invocation).items_of(target)
        ]
        if not (args or behind):
            raise Failed(NO_COMMAND)
        return items[0], [*args, *(behind or ())]
    if not args:
        raise Failed(NOBODY)
    if behind is None and len(args) > 1:
        raise Failed(OLD_FORM)
    if not behind:
        raise Failed(NO_COMMAND)
    return named(invocation, args[0]), list(behind)


def usable_terminal(invocation: Invocation) -> bool:
    """Whether -t was given and can be done: not with a pipe, nor where the output is no screen."""
    flags, streams = invocation.flags, invocation.streams
    if not flags.on("tty"):
        return False
    if flags.on("stdin") and not streams.stdin.tty:
        if not flags.on("quiet"):
            invocation.warn(NO_TERMINAL)
        return False
    return True


def _converse(invocation: Invocation, pod: Obj, wish: Wish) -> int:
    path = find_resource(invocation, "pods").path(pod["metadata"]["namespace"], pod["metadata"]["name"], "exec")
    try:
        return converse(invocation, path, wish)
    except KubeError as error:
        if isinstance(error, Unavailable) and error.code == 500:  # told within the session, not by an answer
            raise Failed(f"error: {error.message}") from error
        raise
