"""kubectl expose."""

from __future__ import annotations

import json
from typing import Any

from ..creating.objects import Map, number_or_text, pairs
from ..creating.submit import CREATING, submit
from ..failures import Failures
from ..flags import Flag
from ..flagsets import FILENAME
from ..invocation import Failed, Invocation
from ..patching.mergepatch import apply_merge_patch
from ..registry import verb
from ..resources import Item, Selection

EXPOSED = ("Pod", "Service", "ReplicationController", "Deployment", "ReplicaSet")
LONGEST_NAME = 63


@verb(
    "expose",
    [flag for flag in CREATING if flag.name not in ("validate", "field-manager")],
    FILENAME,
    Flag("field-manager", default="kubectl-expose", help="Name of the manager used to track field ownership."),
    Flag(
        "port",
        help="The port that the service should serve on. Copied from the resource being exposed, if unspecified.",
    ),
    Flag("target-port", help="Name or number for the port on the container that the service should direct traffic to."),
    Flag("protocol", help="The network protocol for the service to be created. Default is 'TCP'."),
    Flag("type", help="Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName."),
    Flag("name", help="The name for the newly created object."),
    Flag("selector", help="A label selector to use for this service."),
    Flag("labels", "l", help="Labels to apply to the service created by this call."),
    Flag("cluster-ip", help="ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to 'None'."),
    Flag("external-ip", help="Additional external IP address (not managed by Kubernetes) to accept for the service."),
    Flag("load-balancer-ip", help="IP to assign to the LoadBalancer."),
    Flag("session-affinity", help="If non-empty, set the session affinity for the service to this."),
    Flag("overrides", help="An inline JSON override for the generated object."),
    summary="Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service",
    usage="(-f FILENAME | TYPE NAME) [--port=port] [--target-port=number-or-name] [--type=type]",
    examples="  kubectl expose deployment web --port=80 --target-port=8080",
    completes="resource",
)
def run(invocation: Invocation) -> None:
    failures = Failures()
    # -l and --selector say what the service is like, they select nothing here
    selection = Selection(invocation)
    selection.labels, selection.selecting = "", False
    items = list(selection.items(failures))
    for item in items:
        with failures.kept():
            submit(invocation, _service(invocation, item), done="exposed")
    if not items and not failures:
        raise Failed("error: no objects passed to expose")
    failures.finish()


def _service(invocation: Invocation, item: Item) -> Map:
    flags = invocation.flags
    if item.resource.kind not in EXPOSED:
        raise Failed(f"error: cannot expose a {item.resource.kind}")
    selector = _selector(invocation, item)
    name = (flags.text("name") or item.name)[:LONGEST_NAME].rstrip("-")
    metadata: Map = {"name": name, "namespace": item.namespace, "creationTimestamp": None}
    labels = item.obj["metadata"].get("labels")
    if flags.text("labels"):
        labels = pairs(flags.text("labels").split(","), "labels")
    if labels:
        metadata["labels"] = dict(labels)
    spec: Map = {"ports": _ports(invocation, item), "selector": selector}
    spec |= _addresses(invocation)
    obj: Map = {"kind": "Service", "apiVersion": "v1", "metadata": metadata, "spec": spec}
    obj["status"] = {"loadBalancer": {}}
    if flags.text("overrides"):
        obj = _overridden(obj, flags.text("overrides"))
    return obj


def _overridden(obj: Map, text: str) -> Map:
    try:
        merged: Map = apply_merge_patch(obj, json.loads(text))
    except ValueError as error:
        raise Failed(f"error: {error}") from None
    return merged


def _addresses(invocation: Invocation) -> Map:
    flags = invocation.flags
    spec: Map = {}
    if flags.text("cluster-ip"):
        spec["clusterIP"] = flags.text("cluster-ip")
    if flags.text("type"):
        spec["type"] = flags.text("type")
    if flags.text("external-ip"):
        spec["externalIPs"] = [flags.text("external-ip")]
    if flags.text("session-affinity"):
        spec["sessionAffinity"] = flags.text("session-affinity")
    if flags.text("load-balancer-ip"):
        spec["loadBalancerIP"] = flags.text("load-balancer-ip")
    return spec


def _selector(invocation: Invocation, item: Item) -> dict[str, str]:
    given = invocation.flags.text("selector")
    if given:
        return pairs(given.split(","), "selector")
    spec, kind = item.obj.get("spec") or {}, item.resource.kind
    found: Any
    if kind == "Pod":
        found = item.obj["metadata"].get("labels")
        problem = "the pod has no labels and cannot be exposed"
    elif kind in ("Service", "ReplicationController"):
        found = spec.get("selector")
        problem = "the service has no pod selector set" if kind == "Service" else "no selector"
    else:
        selector = spec.get("selector") or {}
        if selector.get("matchExpressions"):
            raise Failed(
                "error: couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions "
                f'- "{selector["matchExpressions"]}" to map-based selector format'
            )
        found, problem = selector.get("matchLabels"), "invalid deployment: no selectors, therefore cannot be exposed"
    if not found:
        raise Failed(f"error: couldn't retrieve selectors via --selector flag or introspection: {problem}")
    return dict(found)


def _ports(invocation: Invocation, item: Item) -> list[Map]:
    flags = invocation.flags
    known = _container_ports(item)
    wanted = flags.text("port").split(",") if flags.text("port") else list(dict.fromkeys(str(p) for p, _ in known))
    if not wanted:
        raise Failed("error: couldn't find port via --port flag or introspection")
    ports: list[Map] = []
    for i, word in enumerate(wanted, 1):
        if not word.isdigit():
            raise Failed(f'error: strconv.Atoi: parsing "{word}": invalid syntax')
        number = int(word)
        port: Map = {"name": f"port-{i}"} if len(wanted) > 1 else {}
        protocol = flags.text("protocol") or next((p for n, p in known if n == number), "TCP")
        target = number_or_text(flags.text("target-port")) if flags.text("target-port") else number
        ports.append({**port, "protocol": protocol, "port": number, "targetPort": target})
    return ports


def _container_ports(item: Item) -> list[tuple[int, str]]:
    """(number, protocol) of what the object says of its ports."""
    spec = item.obj.get("spec") or {}
    if item.resource.kind == "Service":
        return [(port["port"], port.get("protocol", "TCP")) for port in spec.get("ports") or ()]
    pod = spec if item.resource.kind == "Pod" else (spec.get("template") or {}).get("spec") or {}
    return [
        (port["containerPort"], port.get("protocol", "TCP"))
        for container in pod.get("containers") or ()
        for port in container.get("ports") or ()
    ]
