"""kubectl logs."""

from __future__ import annotations

import math
from collections.abc import Iterator

from k8slab.kube.client import Obj
from k8slab.kube.errors import NotFound

from ..durations import seconds
from ..flags import Flag
from ..flagsets import SELECTOR
from ..invocation import Failed, Invocation
from ..registry import verb
from ..resources import Item, find_resource
from ..running.containers import default_container, names
from ..running.logstreams import Source, in_turn, together
from ..running.podsof import first_pod, named, pods_of, selector_of
from ..times import rfc3339_problem

USAGE = "See 'kubectl logs -h' for help and examples"
WHOSE = f"""error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command
{USAGE}"""
LINES_OF_MANY = 10  # of each pod that a selector chooses, where --tail is not given


@verb(
    "logs",
    SELECTOR,
    Flag("follow", "f", kind="bool", help="Specify if the logs should be streamed."),
    Flag("previous", "p", kind="bool", help="If true, print the logs for the previous instance of the container."),
    Flag("container", "c", help="Print the logs of this container"),
    Flag("tail", kind="int", default="-1", help="Lines of recent log file to display."),
    Flag("since", kind="duration", default="0s", help="Only return logs newer than a relative duration like 5s or 2m."),
    Flag("since-time", help="Only return logs after a specific date (RFC3339)."),
    Flag("timestamps", kind="bool", help="Include timestamps on each line in the log output"),
    Flag("all-containers", kind="bool", help="Get all containers' logs in the pod(s)."),
    Flag("all-pods", kind="bool", help="Get logs from all pod(s). Sets prefix to true."),
    Flag("prefix", kind="bool", help="Prefix each log line with the log source (pod name and container name)"),
    Flag("limit-bytes", kind="int", default="0", help="Maximum bytes of logs to return. Defaults to no limit."),
    Flag("max-log-requests", kind="int", default="5", help="Maximum number of concurrent logs to follow."),
    Flag("ignore-errors", kind="bool", help="If following logs, allow for errors to be non-fatal"),
    Flag("pod-running-timeout", kind="duration", default="20s", help="How long to wait until a pod is running."),
    summary="Print the logs for a container in a pod",
    usage="[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]",
    examples="  kubectl logs web\n  kubectl logs -f deploy/web\n  kubectl logs -l app=web --all-containers --prefix",
    completes="pod",
)
def run(invocation: Invocation) -> None:
    _check(invocation)
    flags = invocation.flags
    sources = list(_sources(invocation))
    if flags.on("follow") and len(sources) > 1:
        most = flags.number("max-log-requests")
        if len(sources) > most:
            raise Failed(
                f"error: you are attempting to follow {len(sources)} log streams, but maximum allowed concurrency is "
                f"{most}, use --max-log-requests to increase the limit"
            )
        together(invocation, sources, ignore=flags.on("ignore-errors"))
    else:
        in_turn(invocation, sources, follow=flags.on("follow"), ignore=flags.on("ignore-errors"))


def _check(invocation: Invocation) -> None:
    """Raises Failed in kubectl's order."""
    flags, args = invocation.flags, invocation.args
    selector = flags.text("selector")
    if (not args and not selector) or len(args) > 2:
        raise Failed(WHOSE)
    if args and selector:
        raise Failed(f"error: only a selector (-l) or a POD name is allowed\n{USAGE}")
    if len(args) == 2 and flags.was_given("container"):
        raise Failed("error: only one of -c or an inline [CONTAINER] arg is allowed")
    if problem := rfc3339_problem(flags.text("since-time")):
        raise Failed(f"error: {problem}")
    if flags.on("all-containers") and _container(invocation):
        raise Failed(
            f"error: --all-containers=true should not be specified with container name {_container(invocation)}"
        )
    if flags.was_given("tail") and flags.number("tail") < -1:
        raise Failed("error: --tail must be greater than or equal to -1")
    if seconds(invocation, "since") < 0:
        raise Failed("error: --since must be greater than 0")
    if flags.text("since-time") and seconds(invocation, "since"):
        raise Failed("error: at most one of `sinceTime` or `sinceSeconds` may be specified")
    if flags.was_given("limit-bytes") and flags.number("limit-bytes") <= 0:
        raise Failed("error: --limit-bytes must be greater than 0")


def _container(invocation: Invocation) -> str:
    return invocation.args[1] if len(invocation.args) == 2 else invocation.flags.text("container")


def _sources(invocation: Invocation) -> Iterator[Source]:
    pods = _pods(invocation)
    for pod in pods:
        for container in _containers(invocation, pod):
            name = pod["metadata"]["name"]
            marked = invocation.flags.on("prefix") or invocation.flags.on("all-pods")
            prefix = f"[pod/{name}/{container}] " if marked else ""
            path = find_resource(invocation, "pods").path(pod["metadata"]["namespace"], name, "log")
            yield Source(path, _query(invocation, container), prefix)


def _pods(invocation: Invocation) -> list[Obj]:
    flags = invocation.flags
    if selector := flags.text("selector"):
        pods = pods_of(invocation, selector)
        if not pods:
            invocation.warn(f"No resources found in {invocation.namespace} namespace.")
        return sorted(pods, key=lambda pod: str(pod["metadata"]["name"]))
    item = _item(invocation)
    if flags.on("all-pods") and item.resource.kind != "Pod":
        return pods_of(invocation, selector_of(item, "get the logs from"), item.namespace)
    pod, count = first_pod(invocation, item, "get the logs from")
    if count > 1:
        invocation.warn(f"Found {count} pods, using pod/{pod['metadata']['name']}")
    return [pod]


def _item(invocation: Invocation) -> Item:
    try:
        return named(invocation, invocation.args[0])
    except NotFound as error:
        where = f'in namespace "{invocation.namespace}"'
        raise Failed(f"error: error from server (NotFound): {error.message} {where}") from error


def _containers(invocation: Invocation, pod: Obj) -> list[str]:
    if invocation.flags.on("all-containers"):
        return [name for part in ("initContainers", "containers", "ephemeralContainers") for name in names(pod, part)]
    wanted = _container(invocation)
    if not wanted:
        return [default_container(invocation, pod)]
    if not any(wanted in names(pod, part) for part in ("containers", "initContainers", "ephemeralContainers")):
        raise Failed(f"error: container {wanted} is not valid for pod {pod['metadata']['name']}")
    return [wanted]


def _query(invocation: Invocation, container: str) -> list[tuple[str, str]]:
    flags = invocation.flags
    tail = flags.number("tail") if flags.was_given("tail") else LINES_OF_MANY if flags.text("selector") else -1
    since = math.ceil(seconds(invocation, "since"))
    asked = {
        "container": container,
        "follow": "true" if flags.on("follow") else "",
        "previous": "true" if flags.on("previous") else "",
        "timestamps": "true" if flags.on("timestamps") else "",
        "tailLines": str(tail) if tail >= 0 else "",
        "sinceSeconds": str(since) if since else "",
        "sinceTime": flags.text("since-time"),
        "limitBytes": str(flags.number("limit-bytes")) if flags.number("limit-bytes") else "",
    }
    return [(name, value) for name, value in asked.items() if value]
