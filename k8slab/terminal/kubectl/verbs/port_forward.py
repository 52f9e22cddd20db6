"""kubectl port-forward: not a port of somebody's machine but a link, which the page's server answers by the API
server's proxy, as the student."""

from __future__ import annotations

import re

from k8slab.kube.client import Obj

from ..flags import Flag
from ..invocation import Failed, Invocation
from ..registry import verb
from ..resources import Item, find_resource
from ..running.podsof import first_pod, named

USAGE = """error: TYPE/NAME and list of ports are required for port-forward
See 'kubectl port-forward -h' for help and examples"""
NO_PAGE = "error: port-forward gives a link of the course's page, and there is no page here"
LARGEST = 65535


@verb(
    "port-forward",
    Flag("address", kind="list", default="localhost", help="Addresses to listen on; here it is always a link."),
    Flag("pod-running-timeout", kind="duration", default="1m0s", help="How long to wait until a pod is running."),
    summary="Forward a port of a pod or service: gives a link to it",
    usage="TYPE/NAME [LOCAL_PORT:]REMOTE_PORT [...]",
    examples="  kubectl port-forward pod/web 8080:80\n  kubectl port-forward svc/web 8080:80",
    completes="pod",
)
def run(invocation: Invocation) -> None:
    if len(invocation.args) < 2:
        raise Failed(USAGE)
    item = named(invocation, invocation.args[0])
    pod, _ = first_pod(invocation, item, "attach to")
    ports = [_remote(word, item, pod) for word in invocation.args[1:]]
    phase = (pod.get("status") or {}).get("phase")
    if phase != "Running":
        raise Failed(f"error: unable to forward port because pod is not running. Current status={phase}")
    link = invocation.streams.link
    if link is None:
        raise Failed(NO_PAGE)
    resource = find_resource(invocation, "pods")
    for port in ports:
        address = link(pod["metadata"]["namespace"], resource.plural, pod["metadata"]["name"], port)
        invocation.say(f"Forwarding from {address} -> {port}")
    invocation.warn("Open the link in a browser. It shows what GET answers, and works for an hour.")


def _remote(word: str, item: Item, pod: Obj) -> int:
    """The pod's port of `8080:80`, `80`, `:80` or `web`, through the service where one is named."""
    local, colon, remote = word.partition(":")
    if not colon:
        remote = local
        local = local if local.isdigit() else ""
    if local and int(local if local.isdigit() else "-1") not in range(LARGEST + 1):
        raise Failed(_not_a_port("local", local))
    if item.resource.kind == "Service":
        return _of_service(item.obj, remote, pod)
    if not remote.isdigit():
        return _named_port(pod, remote)
    if not 0 < int(remote) <= LARGEST:
        raise Failed(_not_a_port("remote", remote))
    return int(remote)


def _not_a_port(which: str, text: str) -> str:
    why = "value out of range" if re.fullmatch(r"\d+", text) else "invalid syntax"
    return f"error: error parsing {which} port '{text}': strconv.ParseUint: parsing \"{text}\": {why}"


def _of_service(service: Obj, wanted: str, pod: Obj) -> int:
    name = service["metadata"]["name"]
    for port in service["spec"].get("ports") or ():
        if wanted in (str(port["port"]), port.get("name")):
            target = port.get("targetPort", port["port"])
            return target if isinstance(target, int) else _named_port(pod, target)
    if wanted.isdigit():
        raise Failed(f"error: Service {name} does not have a service port {wanted}")
    raise Failed(f"error: Service '{name}' does not have a named port '{wanted}'")


def _named_port(pod: Obj, wanted: str) -> int:
    for container in pod["spec"]["containers"]:
        for port in container.get("ports") or ():
            if port.get("name") == wanted:
                return int(port["containerPort"])
    raise Failed(f"error: Pod '{pod['metadata']['name']}' does not have a named port '{wanted}'")
