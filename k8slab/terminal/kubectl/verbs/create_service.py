"""kubectl create service clusterip, nodeport, loadbalancer, externalname."""

from __future__ import annotations

from ..creating.ports import TCP, read_ports, service
from ..creating.submit import CREATING, one_name, required, submit
from ..flags import Flag
from ..invocation import Failed, Invocation
from ..registry import verb

PREFIX = "failed to create {kind} service:"


def _aliases(name: str) -> tuple[str, ...]:
    return (f"create svc {name}",)


@verb(
    "create service clusterip",
    CREATING,
    TCP,
    Flag("clusterip", help="Assign your own ClusterIP or set to 'None' for a 'headless' service (no loadbalancing)."),
    summary="Create a ClusterIP service",
    usage="NAME [--tcp=<port>:<targetPort>]",
    examples="  kubectl create service clusterip web --tcp=80:8080",
    aliases=_aliases("clusterip"),
)
def cluster_ip(invocation: Invocation) -> None:
    name, own = one_name(invocation), invocation.flags.text("clusterip")
    ports = read_ports(invocation)
    if not ports and own != "None":
        raise Failed("error: at least one tcp port specifier must be provided")
    if own and own != "None" and not own.replace(".", "").replace(":", "").isalnum():
        raise Failed("error: invalid cluster ip")
    made = service(name, "ClusterIP", ports)
    if own:
        spec = made["spec"]
        made["spec"] = {**{k: v for k, v in spec.items() if k != "type"}, "clusterIP": own, "type": "ClusterIP"}
    submit(invocation, made, prefix=PREFIX.format(kind="ClusterIP"))


@verb(
    "create service nodeport",
    CREATING,
    TCP,
    Flag("node-port", kind="int", default="0", help="Port used to expose the service on each node in a cluster."),
    summary="Create a NodePort service",
    usage="NAME [--tcp=port:targetPort]",
    examples="  kubectl create service nodeport web --tcp=80:8080 --node-port=30080",
    aliases=_aliases("nodeport"),
)
def node_port(invocation: Invocation) -> None:
    name, ports = one_name(invocation), read_ports(invocation)
    if not ports:
        raise Failed("error: at least one tcp port specifier must be provided")
    port = invocation.flags.number("node-port")
    if port:
        ports = [{**each, "nodePort": port} for each in ports]
    submit(invocation, service(name, "NodePort", ports), prefix=PREFIX.format(kind="NodePort"))


@verb(
    "create service loadbalancer",
    CREATING,
    TCP,
    summary="Create a LoadBalancer service",
    usage="NAME [--tcp=port:targetPort]",
    examples="  kubectl create service loadbalancer web --tcp=80:8080",
    aliases=_aliases("loadbalancer"),
)
def load_balancer(invocation: Invocation) -> None:
    name, ports = one_name(invocation), read_ports(invocation)
    if not ports:
        raise Failed("error: at least one tcp port specifier must be provided")
    submit(invocation, service(name, "LoadBalancer", ports), prefix=PREFIX.format(kind="LoadBalancer"))


@verb(
    "create service externalname",
    CREATING,
    TCP,
    Flag("external-name", help="External name of service"),
    summary="Create an ExternalName service",
    usage="NAME --external-name external.name",
    examples="  kubectl create service externalname db --external-name=db.example.com",
    aliases=_aliases("externalname"),
)
def external_name(invocation: Invocation) -> None:
    required(invocation, "external-name")
    made = service(one_name(invocation), "ExternalName", read_ports(invocation))
    made["spec"]["externalName"] = invocation.flags.text("external-name")
    submit(invocation, made, prefix=PREFIX.format(kind="ExternalName"))
