"""`kubectl run -it`: makes a pod, talks with it, and with --rm takes it away again."""

from __future__ import annotations

import time
from typing import Any

from k8slab.kube.client import TIMEOUT, Obj

from .. import registry
from ..creating.submit import send
from ..deleting.waiting import gone
from ..durations import seconds
from ..flags import read_flags
from ..invocation import Failed, Invocation
from ..requests import get
from ..resources import Item

PAUSE = 0.1  # seconds between looks at the pod
OVER = ("Succeeded", "Failed")


def run_attached(invocation: Invocation, pod: dict[str, Any]) -> int:
    """The exit code: the container's own, where the pod is not started again."""
    item = send(invocation, pod)
    try:
        found = _until(invocation, item, ("Running", *OVER), seconds(invocation, "pod-running-timeout"))
        if found["status"]["phase"] in OVER:
            _logs(invocation, item)
        else:
            _attach(invocation, item)
        return _exit_code(invocation, item)
    finally:
        if invocation.flags.on("rm"):
            _remove(invocation, item)


def _until(invocation: Invocation, item: Item, phases: tuple[str, ...], patience: float) -> Obj:
    end = time.monotonic() + patience
    while True:
        pod = get(invocation, item.resource, item.namespace, item.name)
        if (pod.get("status") or {}).get("phase") in phases:
            return pod
        if time.monotonic() > end:
            raise Failed("error: timed out waiting for the condition")
        invocation.streams.stop.wait(PAUSE)


def _logs(invocation: Invocation, item: Item) -> None:
    """Of a pod that was faster than we."""
    path = item.resource.path(item.namespace, item.name, "log")
    data = invocation.client.connection.call("GET", path, accept="*/*", timeout=TIMEOUT)[1]
    invocation.streams.out(data.decode("utf-8", "replace"))


def _attach(invocation: Invocation, item: Item) -> None:
    found = registry.find(["attach"])
    if found is None:
        raise Failed('error: unknown command "attach" for "kubectl"')
    verb, _ = found
    words = [item.name, f"--namespace={item.namespace}", f"--container={item.obj['spec']['containers'][0]['name']}"]
    words += [f"--{name}" for name in ("stdin", "tty", "quiet") if invocation.flags.on(name)]
    if user := invocation.flags.text("as"):
        words += [f"--as={user}", *(f"--as-group={group}" for group in invocation.flags.many("as-group"))]
    parsed = read_flags(verb.of, words, verb.all_flags)
    verb.run(Invocation(verb.of, parsed.args, None, parsed.flags, invocation.streams, invocation.base, invocation.home))


def _exit_code(invocation: Invocation, item: Item) -> int:
    """Waits for the pod's end where it is not started again."""
    flags = invocation.flags
    if flags.text("restart") == "Always" or flags.on("leave-stdin-open"):
        return 0
    pod = _until(invocation, item, OVER, float("inf"))
    if pod["status"]["phase"] == "Succeeded":
        return 0
    name = f"{item.namespace}/{item.name}"
    for status in pod["status"].get("containerStatuses") or ():
        ended = (status.get("state") or {}).get("terminated")
        if ended and ended.get("exitCode"):
            reason, message = ended.get("reason", ""), ended.get("message", "")
            invocation.warn(f"pod {name} terminated ({reason})" + (f"\n{message}" if message else ""))
            return int(ended["exitCode"])
    raise Failed(f"error: pod {name} failed with unknown exit code")


def _remove(invocation: Invocation, item: Item) -> None:
    invocation.client.delete("v1", "Pod", item.name, item.namespace)  # also after Ctrl-C
    invocation.say(f'pod "{item.name}" deleted')
    if not invocation.streams.stop.stopped:
        gone(invocation, item.resource, item.namespace, item.name, uid=item.obj["metadata"].get("uid", ""))
