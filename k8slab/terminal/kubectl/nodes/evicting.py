"""Pods are asked to go, one after the other, again where a disruption budget holds them, and waited for."""

from __future__ import annotations

import time

from k8slab.kube.client import Obj
from k8slab.kube.errors import KubeError, NotFound

from ..invocation import Failed, Invocation
from ..requests import call, get

AGAIN, LOOK = 5.0, 1.0  # seconds
TOO_MANY = 429
FOR_EVER = 366 * 24 * 3600.0


def evict_all(invocation: Invocation, pods: list[Obj], timeout: float, how: str) -> None:
    """Raises Failed with what went wrong. Args: `timeout` in seconds, 0 for ever; `how` is "none" or "server"."""
    limit = time.monotonic() + (timeout or FOR_EVER)
    problems: list[str] = []
    waiting, held = list(pods), list[Obj]()
    evicted: list[Obj] = []
    while waiting:
        for pod in waiting:
            metadata = pod["metadata"]
            dry = " (server dry run)" if how == "server" else ""
            invocation.say(f"evicting pod {metadata['namespace']}/{metadata['name']}{dry}")
            if time.monotonic() >= limit:
                problems.append(f"error when evicting {_name(pod)}: global timeout reached: {_length(timeout)}")
                continue
            outcome = _evict(invocation, pod, how, problems)
            if outcome == "held":
                held.append(pod)
            elif outcome == "gone":
                evicted.append(pod)
        waiting, held = held, []
        if waiting:
            invocation.streams.stop.wait(AGAIN)
    if how != "server":
        problems += _wait(invocation, evicted, limit, timeout)
    if problems:
        raise Failed(problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]")


def _name(pod: Obj) -> str:
    return f'pods/"{pod["metadata"]["name"]}" -n "{pod["metadata"]["namespace"]}"'


def _length(seconds: float) -> str:
    """As Go prints a duration of whole seconds."""
    hours, rest = divmod(int(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    return f"{f'{hours}h' if hours else ''}{f'{minutes}m' if hours or minutes else ''}{rest}s"


def _evict(invocation: Invocation, pod: Obj, how: str, problems: list[str]) -> str:
    """ "gone", "held" by a budget, or "" where it went wrong."""
    metadata, grace = pod["metadata"], invocation.flags.number("grace-period")
    options: Obj = {"gracePeriodSeconds": grace} if grace >= 0 else {}
    if how == "server":
        options["dryRun"] = ["All"]
    pods = invocation.client.resource("v1", "Pod")
    eviction = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": metadata["name"], "namespace": metadata["namespace"]},
        "deleteOptions": options,
    }
    try:
        path = pods.path(metadata["namespace"], metadata["name"], "eviction")
        call(invocation, "POST", path, body=eviction)
    except NotFound:
        return ""
    except KubeError as error:
        if error.code != TOO_MANY:
            problems.append(f"error when evicting {_name(pod)}: {error.message}")
            return ""
        invocation.warn(f"error when evicting {_name(pod)} (will retry after 5s): {error.message}")
        return "held"
    return "gone"


def _wait(invocation: Invocation, pods: list[Obj], limit: float, timeout: float) -> list[str]:
    """For the end of the pods that were evicted; tells those that did not come to it in time."""
    resource, waiting = invocation.client.resource("v1", "Pod"), list(pods)
    while waiting:
        for pod in list(waiting):
            metadata = pod["metadata"]
            try:
                now = get(invocation, resource, metadata["namespace"], metadata["name"])
            except NotFound:
                now = None
            if now is None or now["metadata"].get("uid") != metadata.get("uid"):
                invocation.say(f"pod/{metadata['name']} evicted")
                waiting.remove(pod)
        if waiting and time.monotonic() >= limit:
            reached = f"global timeout reached: {_length(timeout)}"
            return [f"{_still(pod)}: {reached}" for pod in waiting]
        if waiting:
            invocation.streams.stop.wait(LOOK)
    return []


def _still(pod: Obj) -> str:
    metadata = pod["metadata"]
    return f'error when waiting for pod "{metadata["name"]}" in namespace "{metadata["namespace"]}" to terminate'
